package org.pairspan.node.bearer;

import io.aeron.ChannelUri;
import io.aeron.CommonContext;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.media.SendChannelEndpoint;
import io.aeron.driver.media.UdpChannel;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.pairspan.node.association.PeerAssociations;
import org.pairspan.node.posix.ChannelDescriptor;
import org.pairspan.node.posix.SocketOptions;
import org.pairspan.protocol.wire.DropReason;

/**
 * The sending side of one peer's channel. Whatever Aeron sends to the peer leaves protected; whatever the peer's receiver sends back is
 * opened first, and reaches Aeron only if it speaks of our own stream and came under an association with this very peer.
 */
final class ProtectingSendEndpoint extends SendChannelEndpoint {
    private static final String ALIAS_PREFIX = "peer-";
    /** Datagrams looked at in one duty cycle before the others have their turn. */
    private static final int MOST_DATAGRAMS = 64;

    private final BearerParts parts;
    private final int peerNumber;
    private final PathGeometry geometry;
    private final UnsafeBuffer view = new UnsafeBuffer();
    private int descriptor = -1;

    ProtectingSendEndpoint(UdpChannel udpChannel, AtomicCounter statusIndicator, MediaDriver.Context context,
            BearerParts parts) {
        super(udpChannel, statusIndicator, context);
        this.parts = parts;
        this.peerNumber = peerNumber(udpChannel.channelUri());
        this.geometry = PathGeometry.of(parts.settings().pathMtu(), udpChannel.remoteData().getAddress());
    }

    /** The alias that tells an endpoint whose it is. */
    static String alias(int peerNumber) {
        return ALIAS_PREFIX + peerNumber;
    }

    private static int peerNumber(ChannelUri uri) {
        return Integer.parseInt(uri.get(CommonContext.ALIAS_PARAM_NAME).substring(ALIAS_PREFIX.length()));
    }

    @Override
    public void openChannel() {
        super.openChannel();
        descriptor = ChannelDescriptor.of(sendDatagramChannel);
        SocketOptions.sendBuffer(descriptor, parts.settings().socketBuffer());
        parts.descriptors().add(descriptor);
        parts.sendEndpoints().put(peerNumber, this);
    }

    @Override
    public void close() {
        parts.descriptors().remove(descriptor);
        descriptor = -1;
        if (parts.sendEndpoints().get(peerNumber) == this) {
            parts.sendEndpoints().remove(peerNumber);
        }
        super.close();
    }

    /** Protects and sends all of the buffer, or leaves it for another time and answers 0. */
    @Override
    public int send(ByteBuffer buffer) {
        PeerAssociations peer = parts.associations().peer(peerNumber);
        if (peer == null || descriptor < 0) {
            return 0;
        }
        int length = buffer.remaining();
        view.wrap(buffer, buffer.position(), length);
        boolean done = parts.sender().send(peer, descriptor, 0, 0, geometry, view, 0, length, parts.clock().nanoTime());
        if (!done) {
            return 0;
        }
        buffer.position(buffer.limit());
        return length;
    }

    /** Channels here have one fixed destination; Aeron uses this call only for channels that have not. */
    @Override
    public int send(ByteBuffer buffer, InetSocketAddress endpointAddress) {
        throw new IllegalStateException("a tunnel's channel has one fixed destination, not " + endpointAddress);
    }

    @Override
    public InetSocketAddress receive(ByteBuffer buffer) {
        buffer.clear();
        ReceiveBatch batch = parts.feedback();
        for (int i = 0; i < MOST_DATAGRAMS && descriptor >= 0 && batch.receive(descriptor); i++) {
            InetSocketAddress source = onDatagram(batch, buffer);
            if (source != null) {
                return source;
            }
        }
        return null;
    }

    private InetSocketAddress onDatagram(ReceiveBatch batch, ByteBuffer buffer) {
        if (!batch.next()) {
            // An empty datagram. What the batch held before is not to be taken for it.
            return null;
        }
        if (batch.truncated()) {
            parts.drops().increment(DropReason.TRUNCATED);
            return null;
        }
        DatagramOpener opener = parts.opener();
        int length = opener.open(batch.data(), batch.offset(), batch.length(), parts.clock().nanoTime());
        if (length == 0) {
            return null;
        }
        PeerAssociations peer = opener.peer();
        if (peer.peerNumber() != peerNumber
                || AeronFrame.streamFromReceiver(opener.buffer(), opener.offset(), length) != peer.ownNumber()) {
            parts.drops().increment(DropReason.FOREIGN_STREAM);
            return null;
        }
        opener.buffer().getBytes(opener.offset(), buffer, length);
        return connectAddress;
    }

    /** Tells the peer by a dummy packet that the candidate association is ready here. */
    void probeCandidate(PeerAssociations peer) {
        if (descriptor >= 0) {
            parts.sender().sendDummy(peer.candidate(), descriptor, parts.clock().nanoTime());
        }
    }
}
