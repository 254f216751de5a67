package org.pairspan.node.pipeline;

import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.logbuffer.Header;
import org.agrona.DirectBuffer;
import org.pairspan.node.classify.IpPacket;
import org.pairspan.node.classify.OwnPrefixes;
import org.pairspan.node.device.OffloadHeader;
import org.pairspan.node.device.PacketDevice;
import org.pairspan.protocol.wire.DropCounters;
import org.pairspan.protocol.wire.DropReason;

/**
 * The way of a packet in (PS-12), from the stream of a peer to the device:
 *
 * <pre>
 * (UDP, SPA, ESP, reassembly: DatagramOpener) → Aeron → whole message? → offload header true? → well-formed IP?
 *        → source the peer's? → destination ours? → device
 * </pre>
 *
 * Data thread only.
 */
final class InboundPipeline {
    /** Packets taken from one peer before the next has its turn. */
    private static final int BURST = 64;

    private final PacketDevice device;
    private final OwnPrefixes own;
    private final PeerDirectory peers;
    private final DropCounters drops;
    private final FragmentHandler handler = this::onMessage;
    private PeerTunnel from;

    InboundPipeline(PacketDevice device, OwnPrefixes own, PeerDirectory peers, DropCounters drops) {
        this.device = device;
        this.own = own;
        this.peers = peers;
        this.drops = drops;
    }

    /** Takes a burst of packets from each peer. */
    int doWork() {
        int work = 0;
        for (PeerTunnel tunnel : peers.tunnels()) {
            Subscription subscription = tunnel.stream().subscription();
            if (subscription != null) {
                from = tunnel;
                work += subscription.poll(handler, BURST);
            }
        }
        return work;
    }

    private void onMessage(DirectBuffer buffer, int offset, int length, Header header) {
        DropReason fault = fault(buffer, offset, length, header.flags());
        if (fault == null && !device.write(buffer, offset, length)) {
            fault = DropReason.DEVICE_REFUSED;
        }
        if (fault == null) {
            from.onReceived(length - OffloadHeader.LENGTH);
        } else {
            drops.increment(fault);
        }
    }

    private DropReason fault(DirectBuffer buffer, int offset, int length, byte flags) {
        if ((flags & FrameDescriptor.UNFRAGMENTED) != FrameDescriptor.UNFRAGMENTED) {
            return DropReason.MALFORMED_FRAME;
        }
        if (!OffloadHeader.isValid(buffer, offset, length)) {
            return DropReason.OFFLOAD_HEADER;
        }
        int ip = offset + OffloadHeader.LENGTH;
        DropReason fault = IpPacket.fault(buffer, ip, length - OffloadHeader.LENGTH);
        if (fault != null) {
            return fault;
        }
        if (!peers.isSource(from, buffer, ip)) {
            return DropReason.SOURCE_NOT_PEERS;
        }
        return own.holdDestination(buffer, ip) ? null : DropReason.DESTINATION_NOT_OWN;
    }
}
