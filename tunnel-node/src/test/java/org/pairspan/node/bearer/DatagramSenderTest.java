package org.pairspan.node.bearer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pairspan.node.association.InboundEntry;
import org.pairspan.node.association.PeerAssociations;
import org.pairspan.node.association.SecurityAssociationDatabase;
import org.pairspan.node.posix.Errno;
import org.pairspan.node.posix.SocketName;
import org.pairspan.protocol.esp.EspTrailer;
import org.pairspan.protocol.padding.PaddingMode;
import org.pairspan.protocol.padding.PaddingSettings;
import org.pairspan.protocol.padding.TrafficPadding;
import org.pairspan.protocol.session.InboundAssociation;
import org.pairspan.protocol.session.OutboundAssociation;
import org.pairspan.protocol.transport.BearerSegment;
import org.pairspan.protocol.wire.DropCounters;
import org.pairspan.protocol.wire.DropReason;

class DatagramSenderTest {
    private static final int OFFSET = 4096;

    private final FakeKernel kernel = new FakeKernel();
    private final DropCounters drops = new DropCounters();
    private final DatagramSender sender = new DatagramSender(new SendBatch(kernel, drops), drops);
    private final SecurityAssociationDatabase own = PeerPair.database();
    private final PeerAssociations peer = PeerPair.install(own, 1, 2, PeerPair.SOMEWHERE, 1);
    private final PeerPath path = new PeerPath(peer, PeerLabel.of(peer.peerNumber(), 0), 1500, 63_360);
    private final SendProgress progress = new SendProgress();
    private final SecurityAssociationDatabase receiver = PeerPair.database();

    @BeforeEach
    void open() {
        PeerPair.install(receiver, 2, 1, PeerPair.SOMEWHERE, 1);
        sender.open(FakeKernel.DESCRIPTOR, SocketName.AF_INET);
    }

    private boolean send(Frames frames) {
        return sender.sendFrames(path, progress, frames.buffer, 0, frames.length(), 1);
    }

    /** What came out, as the receiver reads it: for each datagram the term offset and the pieces, or the control message. */
    private List<String> opened() {
        List<String> all = new ArrayList<>();
        for (byte[] bytes : kernel.datagrams) {
            UnsafeBuffer datagram = new UnsafeBuffer(bytes);
            UnsafeBuffer plaintext = new UnsafeBuffer(new byte[bytes.length]);
            InboundEntry entry = receiver.inbound(InboundAssociation.peekSpi(datagram, 0, bytes.length));
            int length = entry.association().open(datagram, 0, bytes.length, plaintext, 0, 1);
            assertTrue(length >= 0, () -> "not opened: " + length);
            all.add(entry.association().nextHeader() == EspTrailer.NEXT_HEADER_SEGMENT ? segment(plaintext, length)
                    : "control " + plaintext.getByte(0) + " of " + length);
        }
        return all;
    }

    private static String segment(UnsafeBuffer plaintext, int length) {
        assertEquals(Frames.SESSION, BearerSegment.sessionId(plaintext, 0));
        assertEquals(Frames.TERM, BearerSegment.termId(plaintext, 0));
        StringBuilder text = new StringBuilder().append(BearerSegment.termOffset(plaintext, 0) - OFFSET).append(':');
        int at = BearerSegment.PREFIX_LENGTH;
        while (at < length) {
            int piece = BearerSegment.pieceLength(plaintext, at, length - at);
            int number = plaintext.getByte(at + BearerSegment.PIECE_PREFIX_LENGTH);
            assertEquals(Frames.header(number), BearerSegment.header(plaintext, at));
            text.append(' ').append(piece).append('/').append(number);
            at += BearerSegment.PIECE_PREFIX_LENGTH + piece;
        }
        return text.toString();
    }

    @Test
    void smallFramesShareADatagramAndFullOnesGoAlone() {
        assertTrue(send(new Frames(1, OFFSET).data(1404, 1404, 100, 200, 1000, 60, 1404, 1)));
        assertEquals(List.of("0: 1404/0", "1440: 1404/1", "2880: 100/2 200/3 1000/4 60/5", "4448: 1404/6", "5888: 1/7"), opened());
        assertEquals(List.of("1472x3", "1472x2"), kernel.messages);
        assertEquals(1, kernel.calls);
        assertEquals(5, peer.packetsOut().get());
    }

    @Test
    void aWholeBatchOfFullFramesIsOneMessage() {
        int[] pieces = new int[44];
        Arrays.fill(pieces, path.pieceCapacity());
        assertTrue(send(new Frames(1, OFFSET).data(pieces)));
        assertEquals(List.of("1472x44"), kernel.messages);
        assertEquals(44 * AeronFrame.alignedLength(path.pieceCapacity()), PeerPath.aeronMtu(1500));
    }

    @Test
    void noPieceIsCutWhereThePathHasBecomeNarrower() {
        path.pathMtu(1280);
        assertEquals(1404 - 220, path.pieceCapacity());
        assertTrue(send(new Frames(1, OFFSET).data(1404, 100)));
        assertEquals(List.of("0: 1404/0", "1440: 100/1"), opened());
    }

    @Test
    void aFullKernelGetsTheRestLaterAndNothingTwice() {
        Frames frames = new Frames(1, OFFSET).data(1404, 1404, 700, 1404, 1404);
        kernel.results.add(1);
        kernel.results.add(-Errno.EAGAIN);
        assertFalse(send(frames));
        kernel.results.add(-Errno.EAGAIN);
        assertFalse(send(frames));
        // Aeron may have more by now.
        assertTrue(send(frames.data(50)));
        assertEquals(List.of("0: 1404/0", "1440: 1404/1", "2880: 700/2", "3616: 1404/3", "5056: 1404/4", "6496: 50/5"), opened());
        kernel.datagrams.clear();
        assertTrue(send(frames));
        assertEquals(6, kernel.datagrams.size());
    }

    @Test
    void framesWithoutPayloadAreControlMessages() {
        assertTrue(send(new Frames(1, OFFSET).heartbeat()));
        assertTrue(send(new Frames(1, OFFSET).padding(4096)));
        assertEquals(List.of("control 1 of 33", "control 1 of 33"), opened());
        kernel.datagrams.clear();
        Frames lastOfTerm = new Frames(1, OFFSET).data(100).padding(4096);
        kernel.results.add(1);
        kernel.results.add(-Errno.EAGAIN);
        assertFalse(send(lastOfTerm));
        assertTrue(send(lastOfTerm));
        assertEquals(List.of("0: 100/0", "control 1 of 33"), opened());
    }

    @Test
    void aHeartbeatBetweenTwoTrialsChangesNothing() {
        Frames frames = new Frames(1, OFFSET).data(1404, 700);
        kernel.results.add(-Errno.EAGAIN);
        assertFalse(send(frames));
        assertTrue(send(new Frames(1, OFFSET).heartbeat()));
        assertTrue(send(frames));
        assertEquals(List.of("control 1 of 33", "0: 1404/0", "1440: 700/1"), opened());
    }

    @Test
    void whereNoExchangeHasBeenButMustNoPayloadLeaves() {
        peer.requireExchange(true);
        assertFalse(send(new Frames(1, OFFSET).data(100)));
        assertTrue(send(new Frames(1, OFFSET).heartbeat()));
        assertEquals(List.of("control 1 of 33"), opened());
    }

    @Test
    void aProbeHasTheLengthThatWasWantedAndAMessageItsOwn() {
        UnsafeBuffer message = new UnsafeBuffer(new byte[] {9, 1, 2});
        assertTrue(sender.sendControl(path, message, 0, 3, 1));
        assertTrue(sender.sendProbe(path, message, 0, 3, OutboundAssociation.payloadCapacity(1452), 1));
        assertEquals(List.of(52, 1452), kernel.datagrams.stream().map(datagram -> datagram.length).toList());
        assertEquals(List.of("control 9 of 3", "control 9 of 1406"), opened());
        kernel.results.add(-Errno.EMSGSIZE);
        assertFalse(sender.sendControl(path, message, 0, 3, 1));
        kernel.results.add(-Errno.EAGAIN);
        assertFalse(sender.sendControl(path, message, 0, 3, 1));
    }

    @Test
    void aProbeOfNewKeysIsAsLongAsEverythingElseWherePayloadIsPadded() {
        path.padding = new TrafficPadding(new PaddingSettings(PaddingMode.FULL, 0, 0), 1000, 1);
        assertTrue(send(new Frames(1, OFFSET).data(100)));
        PeerPair.install(own, 1, 2, PeerPair.SOMEWHERE, 2);
        sender.probeCandidate(path, 1);
        assertEquals(2, kernel.datagrams.size());
        assertEquals(kernel.datagrams.getFirst().length, kernel.datagrams.getLast().length);
    }

    @Test
    void anAddressOfAnotherIpVersionIsCountedAndStopsNothing() {
        PeerAssociations six = PeerPair.install(PeerPair.database(), 1, 2, new InetSocketAddress("::1", 4710), 1);
        Frames frames = new Frames(1, OFFSET).data(100);
        assertTrue(sender.sendFrames(new PeerPath(six, PeerLabel.of(six.peerNumber(), 0), 1500, 63_360), progress, frames.buffer, 0, frames.length(), 1));
        assertEquals(1, drops.get(DropReason.ADDRESS_FAMILY));
        assertEquals(0, kernel.calls);
    }

    @Test
    void withoutAPortNothingIsSent() {
        sender.close();
        assertFalse(send(new Frames(1, OFFSET).data(100)));
        assertEquals(0, kernel.calls);
    }
}
