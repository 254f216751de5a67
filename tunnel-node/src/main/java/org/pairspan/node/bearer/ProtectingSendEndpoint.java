package org.pairspan.node.bearer;

import io.aeron.driver.DriverConductorProxy;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.NetworkPublication;
import io.aeron.driver.media.SendChannelEndpoint;
import io.aeron.driver.media.UdpChannel;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;

/**
 * The sending side of one peer's channel. It has no socket: what Aeron's sender gives leaves through the node's UDP port, and what the
 * peer answers comes in there. Aeron registers a channel with its selector all the same; all endpoints give it the same one, on which
 * nothing ever comes.
 */
final class ProtectingSendEndpoint extends SendChannelEndpoint {
    private final BearerParts parts;
    /** Null where the streams were closed before this was made: then nothing is ever sent. */
    private final PeerPath path;
    /** By session: two of our streams to the peer send at the same time where one takes over from the other. */
    private final Int2ObjectHashMap<SendProgress> progress = new Int2ObjectHashMap<>();
    private final UnsafeBuffer view = new UnsafeBuffer();

    ProtectingSendEndpoint(UdpChannel udpChannel, AtomicCounter statusIndicator, MediaDriver.Context context,
            BearerParts parts) {
        super(udpChannel, statusIndicator, context);
        this.parts = parts;
        this.path = parts.path(udpChannel.remoteData());
    }

    @Override
    public void openChannel() {
        if (path != null) {
            path.endpoint = this;
        }
    }

    @Override
    public void close() {
        if (path != null && path.endpoint == this) {
            path.endpoint = null;
        }
        super.close();
    }

    @Override
    public void unregisterForSend(NetworkPublication publication) {
        super.unregisterForSend(publication);
        progress.remove(publication.sessionId());
    }

    @Override
    public DatagramChannel receiveDatagramChannel() {
        return parts.silent();
    }

    @Override
    public String bindAddressAndPort() {
        return "";
    }

    /** Protects and sends all of the buffer, or leaves it for another time and answers 0. What was left for a closed peer goes nowhere. */
    @Override
    public int send(ByteBuffer buffer) {
        int length = buffer.remaining();
        view.wrap(buffer, buffer.position(), length);
        SendProgress sent = progress.computeIfAbsent(AeronFrame.sessionId(view, 0), session -> new SendProgress());
        if (path == null || path.closed) {
            parts.sender().discardFrames(sent, view, 0, length);
        } else if (!parts.sender().sendFrames(path, sent, view, 0, length, parts.clock().nanoTime())) {
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
        return null;
    }

    /** A label needs no resolving; but this is the one call that brings what {@link #onStatusMessage} needs. */
    @Override
    public void checkForReResolution(long nowNs, DriverConductorProxy conductorProxy) {
        parts.receiver().conductor(conductorProxy);
    }
}
