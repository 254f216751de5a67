package org.pairspan.node.pipeline;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.node.classify.IpPacket;
import org.pairspan.node.device.OffloadHeader;
import org.pairspan.node.device.PacketDevice;
import org.pairspan.node.offload.IcmpTooBig;
import org.pairspan.protocol.wire.Counter;
import org.pairspan.protocol.wire.DropCounters;
import org.pairspan.protocol.wire.DropReason;
import org.pairspan.protocol.wire.TokenBucket;

/**
 * Tells a host of the site that its packet is longer than what the path carries in one datagram (ICMP too big). The packet itself goes in
 * pieces all the same, so nothing is lost to a host that does not listen; one that does has less to lose with every lost datagram. Held to
 * a rate, as RFC 4443, section 2.4 (f), demands. Data thread.
 */
final class TooBigNotice {
    private static final int BURST = 10;
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(10);
    /** RFC 8200, section 5: no IPv6 host is told of less. */
    private static final int SMALLEST_IPV6_MTU = 1280;
    private static final int LONGEST_NOTICE = 1280;

    private final PacketDevice device;
    private final DropCounters drops;
    private final IcmpTooBig icmp = new IcmpTooBig();
    private final UnsafeBuffer notice = new UnsafeBuffer(ByteBuffer.allocateDirect(OffloadHeader.LENGTH + LONGEST_NOTICE));
    private final TokenBucket rate;
    private final Predicate<PeerTunnel> settled;
    private final Counter sent = new Counter();

    /**
     * @param settled whether the size of a peer's path is known. A host keeps what it is told for ten minutes, and a busy path looks like a
     *                narrow one for seconds.
     */
    TooBigNotice(PacketDevice device, DropCounters drops, Predicate<PeerTunnel> settled, long nowNs) {
        this.device = device;
        this.drops = drops;
        this.settled = settled;
        this.rate = new TokenBucket(BURST, INTERVAL_NS, nowNs);
    }

    /**
     * Answers a packet where that is allowed.
     *
     * @param tunnel   it goes through.
     * @param capacity the longest packet that goes in one datagram.
     */
    void answer(PeerTunnel tunnel, DirectBuffer packet, int offset, int length, int capacity, long nowNs) {
        int mtu = IpPacket.isIpv4(packet, offset) ? capacity : Math.max(capacity, SMALLEST_IPV6_MTU);
        if (length <= mtu || !settled.test(tunnel) || !rate.has(nowNs)) {
            return;
        }
        int octets = icmp.write(packet, offset, length, mtu, notice, OffloadHeader.LENGTH);
        if (octets == 0) {
            return;
        }
        rate.take(nowNs);
        if (device.write(notice, 0, OffloadHeader.LENGTH + octets)) {
            sent.increment();
        } else {
            drops.increment(DropReason.DEVICE_REFUSED);
        }
    }

    /** How many hosts were told. Any thread. */
    long sent() {
        return sent.get();
    }
}
