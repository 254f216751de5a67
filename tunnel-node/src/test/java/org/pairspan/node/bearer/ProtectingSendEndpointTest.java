package org.pairspan.node.bearer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.driver.media.UdpChannel;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.node.association.PeerAssociations;
import org.pairspan.node.association.SecurityAssociationDatabase;
import org.pairspan.node.posix.Errno;
import org.pairspan.node.posix.SocketName;
import org.pairspan.protocol.session.InboundAssociation;
import org.pairspan.protocol.transport.BearerSegment;
import org.pairspan.protocol.wire.DropCounters;

class ProtectingSendEndpointTest {
    private static final int OLD = 0x0101;
    private static final int NEW = 0x0202;

    @TempDir
    private Path folder;
    private final FakeKernel kernel = new FakeKernel();
    private final DropCounters drops = new DropCounters();
    private final SecurityAssociationDatabase receiver = PeerPair.database();
    private MediaDriver driver;
    private ProtectingSendEndpoint endpoint;

    @BeforeEach
    void open() {
        PeerPair.install(receiver, 2, 1, PeerPair.SOMEWHERE, 1);
        PeerAssociations peer = PeerPair.install(PeerPair.database(), 1, 2, PeerPair.SOMEWHERE, 1);
        PeerPath path = new PeerPath(peer, PeerLabel.of(2, 0), 1500, 63_360);
        Int2ObjectHashMap<PeerPath> paths = new Int2ObjectHashMap<>();
        paths.put(2, path);
        DatagramSender sender = new DatagramSender(new SendBatch(kernel, drops), drops);
        sender.open(FakeKernel.DESCRIPTOR, SocketName.AF_INET);
        BearerParts parts = new BearerParts(null, sender, null, paths, null, null, () -> 1, drops);
        driver = MediaDriver.launch(new MediaDriver.Context().aeronDirectoryName(folder.resolve("aeron").toString())
                .threadingMode(ThreadingMode.INVOKER));
        endpoint = new ProtectingSendEndpoint(UdpChannel.parse(Bearer.channel(path.label)), null, driver.context(), parts);
    }

    @AfterEach
    void close() {
        driver.close();
    }

    /** Has the endpoint send frames; answers how many bytes it took. */
    private int send(Frames frames) {
        ByteBuffer buffer = frames.buffer.byteBuffer().duplicate();
        return endpoint.send(buffer.position(0).limit(frames.length()));
    }

    /** The session and the length of the first piece of each datagram that has left since the last call. */
    private List<String> left() {
        List<String> all = new ArrayList<>();
        for (byte[] bytes : kernel.datagrams) {
            UnsafeBuffer datagram = new UnsafeBuffer(bytes);
            UnsafeBuffer plaintext = new UnsafeBuffer(new byte[bytes.length]);
            int length = receiver.inbound(InboundAssociation.peekSpi(datagram, 0, bytes.length)).association()
                    .open(datagram, 0, bytes.length, plaintext, 0, 1);
            all.add(Integer.toHexString(BearerSegment.sessionId(plaintext, 0)) + ":"
                    + BearerSegment.pieceLength(plaintext, BearerSegment.PREFIX_LENGTH, length - BearerSegment.PREFIX_LENGTH));
        }
        kernel.datagrams.clear();
        return all;
    }

    /** Datagrams that become longer: so each is a message of its own. */
    @Test
    void eachOfTwoStreamsBehindAFullKernelGoesOnWhereItWas() {
        Frames old = new Frames(1, OLD, 0).data(1000, 1100, 1200, 1300);
        Frames young = new Frames(1, NEW, 0).data(1001, 1101, 1201);
        kernel.results.addAll(List.of(3, -Errno.EAGAIN));
        assertEquals(0, send(old));
        assertEquals(List.of("101:1000", "101:1100", "101:1200"), left());
        kernel.results.addAll(List.of(1, -Errno.EAGAIN));
        assertEquals(0, send(young));
        assertEquals(List.of("202:1001"), left());
        kernel.results.add(-Errno.EAGAIN);
        assertEquals(0, send(old));
        kernel.results.addAll(List.of(1, -Errno.EAGAIN));
        assertEquals(0, send(young));
        assertEquals(List.of("202:1101"), left());
        assertEquals(4800, send(old), "four frames, each aligned to 32 bytes");
        assertEquals(List.of("101:1300"), left());
        assertEquals(3456, send(young));
        assertEquals(List.of("202:1201"), left());
        assertEquals(0, drops.total());
    }
}
