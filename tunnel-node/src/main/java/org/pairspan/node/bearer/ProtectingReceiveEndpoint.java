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
import org.pairspan.node.posix.ChannelDescriptor;
import org.pairspan.node.posix.SocketName;
import org.pairspan.node.posix.SocketOptions;

/**
 * The node's UDP port, the only socket there is towards peers. Aeron's receiver gets nothing from it: {@link DatagramReceiver} reads it and
 * gives what came straight to the streams.
 */
final class ProtectingReceiveEndpoint extends ReceiveChannelEndpoint {
    private static final int CLOSED = -1;

    private final BearerParts parts;
    private final UnsafeBuffer view = new UnsafeBuffer();
    private int descriptor = CLOSED;

    ProtectingReceiveEndpoint(UdpChannel udpChannel, DataPacketDispatcher dispatcher, AtomicCounter statusIndicator,
            MediaDriver.Context context, BearerParts parts) {
        super(udpChannel, dispatcher, statusIndicator, context);
        this.parts = parts;
    }

    @Override
    public void openChannel() {
        super.openChannel();
        descriptor = ChannelDescriptor.of(receiveDatagramChannel);
        boolean six = udpChannel().protocolFamily() == StandardProtocolFamily.INET6;
        SocketOptions.receiveBuffer(descriptor, parts.settings().socketBuffer());
        SocketOptions.sendBuffer(descriptor, parts.settings().socketBuffer());
        // Kernels before 5.0 have no UDP GRO and refuse the option: datagrams then come one by one.
        SocketOptions.set(descriptor, SocketOptions.SOL_UDP, SocketOptions.UDP_GRO, 1);
        // Our datagrams fit the path or are lost: the network below never fragments. A socket of IPv6 also sends IPv4.
        SocketOptions.set(descriptor, SocketOptions.IPPROTO_IP, SocketOptions.IP_MTU_DISCOVER, SocketOptions.PMTUDISC_PROBE);
        if (six) {
            SocketOptions.set(descriptor, SocketOptions.IPPROTO_IPV6, SocketOptions.IPV6_MTU_DISCOVER, SocketOptions.PMTUDISC_PROBE);
        }
        parts.descriptors().add(descriptor);
        parts.sender().open(descriptor, six ? SocketName.AF_INET6 : SocketName.AF_INET);
        parts.receiver().open(descriptor, this);
    }

    @Override
    public void close() {
        parts.descriptors().remove(descriptor);
        parts.sender().close();
        parts.receiver().close();
        descriptor = CLOSED;
        super.close();
    }

    @Override
    public InetSocketAddress receive(ByteBuffer buffer) {
        return null;
    }

    /** Sends a status message for a peer's stream; the stream id says which peer. Other answers than these our streams don't need. */
    @Override
    public int sendTo(ByteBuffer buffer, InetSocketAddress label) {
        int length = buffer.remaining();
        view.wrap(buffer, buffer.position(), length);
        PeerPath path = parts.paths().get(AeronFrame.streamFromReceiver(view, 0, length));
        if (path != null && !parts.sender().sendTransport(path, view, 0, length, parts.clock().nanoTime())) {
            return 0;
        }
        buffer.position(buffer.limit());
        return length;
    }
}
