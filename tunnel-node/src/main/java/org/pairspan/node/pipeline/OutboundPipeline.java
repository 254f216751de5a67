package org.pairspan.node.pipeline;

import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.node.association.PeerAssociations;
import org.pairspan.node.classify.IpPacket;
import org.pairspan.node.classify.OwnPrefixes;
import org.pairspan.node.device.OffloadHeader;
import org.pairspan.node.device.PacketDevice;
import org.pairspan.node.keyring.KeyDemand;
import org.pairspan.protocol.wire.DropCounters;
import org.pairspan.protocol.wire.DropReason;

/**
 * The way of a packet out (PS-11), from the device to the stream of the peer that owns its destination:
 *
 * <pre>
 * device → well-formed IP? → not multicast? → source ours? → whose is the destination?
 *        known   → stream connected? → Aeron     (from there: cut, SPA + ESP, UDP: SegmentSender)
 *        unknown → ask the key service; held until the key is there (KS-3), or dropped
 * </pre>
 *
 * Whatever has no way out here is dropped and counted; nothing has a way past this file. Data thread only.
 */
final class OutboundPipeline {
    /** Packets taken from the device before the driver has its turn. */
    private static final int BURST = 16;
    /** How long a packet waits for a stream that takes nothing, before it is dropped and others have their turn; the
     * next one does not wait. */
    private static final long CONGESTION_PATIENCE_NS = TimeUnit.MILLISECONDS.toNanos(100);

    /** How often the packets that wait repeat their questions for keys; each turn would be many thousand times a second. */
    private static final long REPEAT_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private final PacketDevice device;
    private final OwnPrefixes own;
    private final PeerDirectory peers;
    private final KeyDemand demand;
    private final HoldQueue held;
    private final UnknownAddresses unknown;
    private final DropCounters drops;
    private final int largestMessage;
    private final UnsafeBuffer packet = new UnsafeBuffer(ByteBuffer.allocateDirect(PacketDevice.LONGEST_READ));
    private final HoldQueue.Trial heldTrial = this::retryHeld;
    private long nowNs;
    private long repeatedAtNs;
    /** Whether a packet that still has no key says nothing now. */
    private boolean quiet;
    /** Length of the packet that a congested stream has not taken yet; 0 when none waits. */
    private int waiting;

    private enum Outcome { DONE, NO_ASSOCIATION, CONGESTED }

    OutboundPipeline(PacketDevice device, OwnPrefixes own, PeerDirectory peers, KeyDemand demand, HoldQueue held,
            UnknownAddresses unknown, DropCounters drops, int largestMessage) {
        this.device = device;
        this.own = own;
        this.peers = peers;
        this.demand = demand;
        this.held = held;
        this.unknown = unknown;
        this.drops = drops;
        this.largestMessage = largestMessage;
    }

    /** Takes a burst of packets from the device. */
    int doWork(long now) {
        nowNs = now;
        if (held.size() > 0) {
            retry(now);
        }
        int work = 0;
        while (work < BURST) {
            if (waiting == 0) {
                waiting = device.read(packet, 0, packet.capacity());
                if (waiting == 0) {
                    return work;
                }
            }
            Outcome outcome = forward(packet, waiting);
            if (outcome == Outcome.CONGESTED) {
                return work;
            }
            if (outcome == Outcome.NO_ASSOCIATION) {
                held.hold(packet, waiting, now);
            }
            waiting = 0;
            work++;
        }
        return work;
    }

    private void retry(long now) {
        quiet = now - repeatedAtNs < REPEAT_INTERVAL_NS && now >= repeatedAtNs;
        if (!quiet) {
            repeatedAtNs = now;
        }
        held.retry(heldTrial, now);
        quiet = false;
    }

    /** Whether packets are wanted from the device; not while one waits for a congested stream. */
    boolean wantsPackets() {
        return waiting == 0;
    }

    private Outcome forward(DirectBuffer buffer, int length) {
        int ip = OffloadHeader.LENGTH;
        DropReason fault = IpPacket.fault(buffer, ip, length - ip);
        if (fault != null) {
            return drop(fault);
        }
        if (IpPacket.isMulticast(buffer, ip)) {
            return drop(DropReason.MULTICAST);
        }
        if (!own.holdSource(buffer, ip)) {
            return drop(DropReason.SOURCE_NOT_OWN);
        }
        if (length > largestMessage) {
            return drop(DropReason.TOO_LARGE);
        }
        PeerTunnel tunnel = peers.ofDestination(buffer, ip);
        if (tunnel != null) {
            return offer(tunnel, buffer, length);
        }
        return quiet ? Outcome.NO_ASSOCIATION : askFor(IpPacket.destination(buffer, ip));
    }

    private Outcome offer(PeerTunnel tunnel, DirectBuffer buffer, int length) {
        ExclusivePublication publication = tunnel.stream().publication();
        if (publication == null || tunnel.associations().outbound() == null) {
            return disconnected(tunnel);
        }
        long result = publication.offer(buffer, 0, length);
        if (result > 0) {
            tunnel.onSent(length - OffloadHeader.LENGTH);
            return Outcome.DONE;
        }
        if (result == Publication.NOT_CONNECTED) {
            return disconnected(tunnel);
        }
        if (result == Publication.MAX_POSITION_EXCEEDED || result == Publication.CLOSED) {
            tunnel.stream().renew();
            return Outcome.NO_ASSOCIATION;
        }
        if (tunnel.onCongested(nowNs) < CONGESTION_PATIENCE_NS) {
            return Outcome.CONGESTED;
        }
        return drop(DropReason.BACK_PRESSURE);
    }

    private Outcome disconnected(PeerTunnel tunnel) {
        if (tunnel.searchDue(nowNs)) {
            PeerAssociations peer = tunnel.associations();
            demand.renew(peer.peerNumber(), peer.newestGeneration());
        }
        return Outcome.NO_ASSOCIATION;
    }

    private Outcome askFor(byte[] address) {
        if (unknown.contains(address, nowNs)) {
            return drop(DropReason.NO_PEER);
        }
        demand.peerOf(address);
        return Outcome.NO_ASSOCIATION;
    }

    private HoldQueue.Fate retryHeld(DirectBuffer buffer, int length) {
        return forward(buffer, length) == Outcome.DONE ? HoldQueue.Fate.DONE : HoldQueue.Fate.WAIT;
    }

    private Outcome drop(DropReason reason) {
        drops.increment(reason);
        return Outcome.DONE;
    }
}
