package org.pairspan.node.bearer;

import io.aeron.driver.DataPacketDispatcher;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.media.ReceiveChannelEndpoint;
import io.aeron.driver.media.UdpChannel;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.pairspan.node.association.PeerAssociations;
import org.pairspan.node.posix.ChannelDescriptor;
import org.pairspan.node.posix.SocketName;
import org.pairspan.node.posix.SocketOptions;
import org.pairspan.protocol.wire.DropReason;

/**
 * The node's UDP port. Whatever arrives is opened first, and reaches Aeron only if it speaks of the stream of the very member whose
 * association opened it. Whatever Aeron's receiver sends back (status messages, NAKs) leaves protected.
 */
final class ProtectingReceiveEndpoint extends ReceiveChannelEndpoint {
    /** Datagrams looked at in one duty cycle before the others have their turn. */
    private static final int MOST_DATAGRAMS = 256;
    private static final int SLOTS = 32;
    private static final int SLOT_LENGTH = 65_536;

    private final BearerParts parts;
    private final PathGeometry geometry;
    private final int socketFamily;
    private final ReceiveBatch batch = new ReceiveBatch(SLOTS, SLOT_LENGTH);
    private final UnsafeBuffer view = new UnsafeBuffer();
    private final UnsafeBuffer name = new UnsafeBuffer(ByteBuffer.allocateDirect(SocketName.LONGEST));
    private int descriptor = -1;

    ProtectingReceiveEndpoint(UdpChannel udpChannel, DataPacketDispatcher dispatcher, AtomicCounter statusIndicator,
            MediaDriver.Context context, BearerParts parts) {
        super(udpChannel, dispatcher, statusIndicator, context);
        this.parts = parts;
        this.geometry = PathGeometry.of(parts.settings().pathMtu(), udpChannel.remoteData().getAddress());
        this.socketFamily =
                udpChannel.protocolFamily() == StandardProtocolFamily.INET6 ? SocketName.AF_INET6 : SocketName.AF_INET;
    }

    @Override
    public void openChannel() {
        super.openChannel();
        descriptor = ChannelDescriptor.of(receiveDatagramChannel);
        SocketOptions.receiveBuffer(descriptor, parts.settings().socketBuffer());
        // Kernels before 5.0 have no UDP GRO and refuse the option: datagrams then come one by one.
        SocketOptions.set(descriptor, SocketOptions.SOL_UDP, SocketOptions.UDP_GRO, 1);
        parts.descriptors().add(descriptor);
    }

    @Override
    public void close() {
        parts.descriptors().remove(descriptor);
        descriptor = -1;
        super.close();
    }

    @Override
    public InetSocketAddress receive(ByteBuffer buffer) {
        buffer.clear();
        long nowNs = parts.clock().nanoTime();
        for (int i = 0; i < MOST_DATAGRAMS && descriptor >= 0; i++) {
            if (!batch.next() && !(batch.receive(descriptor) && batch.next())) {
                return null;
            }
            InetSocketAddress source = onDatagram(buffer, nowNs);
            if (source != null) {
                return source;
            }
        }
        return null;
    }

    private InetSocketAddress onDatagram(ByteBuffer buffer, long nowNs) {
        DatagramOpener opener = parts.opener();
        int length = opener.open(batch.data(), batch.offset(), batch.length(), nowNs);
        if (length == 0) {
            return null;
        }
        PeerAssociations peer = opener.peer();
        if (AeronFrame.streamFromSender(opener.buffer(), opener.offset(), length) != peer.peerNumber()) {
            parts.drops().increment(DropReason.FOREIGN_STREAM);
            return null;
        }
        opener.buffer().getBytes(opener.offset(), buffer, length);
        return peer.source(batch.source(), batch.sourceOffset(), batch.sourceLength(), nowNs);
    }

    /** Protects and sends a frame that answers a peer's stream; the stream id says which peer. */
    @Override
    public int sendTo(ByteBuffer buffer, InetSocketAddress remoteAddress) {
        int length = buffer.remaining();
        view.wrap(buffer, buffer.position(), length);
        PeerAssociations peer = parts.associations().peer(AeronFrame.streamFromReceiver(view, 0, length));
        if (peer == null || peer.outbound() == null || descriptor < 0) {
            return 0;
        }
        long nowNs = parts.clock().nanoTime();
        // Aeron answers for ever to the address a stream first came from; a translator between the peers may give it another.
        boolean known = peer.isReachedAtSource(remoteAddress, nowNs);
        long nameAddress = known ? peer.sourceNameAddress() : name.addressOffset();
        int nameLength = known ? peer.sourceNameLength() : SocketName.put(name, 0, remoteAddress, socketFamily);
        boolean done = parts.sender().send(peer, descriptor, nameAddress, nameLength, geometry, view, 0, length, nowNs);
        if (!done) {
            return 0;
        }
        buffer.position(buffer.limit());
        return length;
    }
}
