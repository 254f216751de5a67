package org.pairspan.node.pipeline;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.node.association.PeerAssociations;
import org.pairspan.node.classify.IpPacket;
import org.pairspan.node.classify.OwnPrefixes;
import org.pairspan.node.classify.PlainTransport;
import org.pairspan.node.device.OffloadHeader;
import org.pairspan.node.device.PacketDevice;
import org.pairspan.node.keyring.KeyDemand;
import org.pairspan.node.offload.Checksums;
import org.pairspan.node.offload.MssClamp;
import org.pairspan.node.policy.SecurityPolicy;
import org.pairspan.protocol.wire.DropCounters;
import org.pairspan.protocol.wire.DropReason;

/**
 * The way of a packet out (PS-11), from the device to the stream of the peer that owns its destination:
 *
 * <pre>
 * device → well-formed IP? → not multicast? → source ours? → whose is the destination?
 *        unknown → ask the key service; held until the key is there (KS-3), or dropped
 *        known   → policy: may it, and in which class? → checksum, MSS → the class's {@link Outlet} to the peer:
 *                  straight or through its queue → {@link PacketSender} → stream (from there: SPA + ESP, UDP: bearer)
 * </pre>
 *
 * Whatever has no way out here is dropped and counted; nothing has a way past this file. Data thread only.
 */
final class OutboundPipeline {
    /** Packets taken from the device before the driver has its turn. */
    private static final int BURST_PACKETS = 64;
    /** The same in bytes: one super-packet, which is about what the stream's sender passes on in a turn. */
    private static final int BURST_BYTES = 48 * 1024;

    /** How often the packets that wait repeat their questions for keys; each turn would be many thousand times a second. */
    private static final long REPEAT_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private final PacketDevice device;
    private final OwnPrefixes own;
    private final PeerDirectory peers;
    private final SecurityPolicy policy;
    private final KeyDemand demand;
    private final HoldQueue held;
    private final UnknownAddresses unknown;
    private final TooBigNotice tooBig;
    private final DropCounters drops;
    private final UnsafeBuffer packet = new UnsafeBuffer(ByteBuffer.allocateDirect(PacketDevice.LONGEST_READ));
    private final HoldQueue.Trial heldTrial = this::retryHeld;
    private long nowNs;
    private long repeatedAtNs;
    /** Whether a packet that still has no key says nothing now. */
    private boolean quiet;

    private enum Outcome { DONE, NO_PEER }

    OutboundPipeline(PacketDevice device, OwnPrefixes own, PeerDirectory peers, SecurityPolicy policy, KeyDemand demand,
            HoldQueue held, UnknownAddresses unknown, TooBigNotice tooBig, DropCounters drops) {
        this.device = device;
        this.own = own;
        this.peers = peers;
        this.policy = policy;
        this.demand = demand;
        this.held = held;
        this.unknown = unknown;
        this.tooBig = tooBig;
        this.drops = drops;
    }

    /** Sends what waits, then takes a burst of packets from the device: how many packets moved. */
    int doWork(long now) {
        nowNs = now;
        int work = 0;
        for (PeerTunnel tunnel : peers.tunnels()) {
            work += tunnel.serve(now);
            if (tunnel.searchDue(now)) {
                PeerAssociations peer = tunnel.associations();
                demand.renew(peer.peerNumber(), peer.latestGeneration());
            }
        }
        if (held.size() > 0) {
            retry(now);
        }
        return work + readDevice();
    }

    private int readDevice() {
        int bytes = 0;
        for (int taken = 0; taken < BURST_PACKETS; taken++) {
            int length = bytes < BURST_BYTES ? device.read(packet, 0, packet.capacity()) : 0;
            if (length == 0) {
                return taken;
            }
            bytes += length;
            if (forward(packet, length) == Outcome.NO_PEER) {
                held.hold(packet, length, nowNs);
            }
        }
        return BURST_PACKETS;
    }

    private void retry(long now) {
        quiet = now - repeatedAtNs < REPEAT_INTERVAL_NS && now >= repeatedAtNs;
        if (!quiet) {
            repeatedAtNs = now;
        }
        held.retry(heldTrial, now);
        quiet = false;
    }

    private Outcome forward(MutableDirectBuffer frame, int frameLength) {
        int ip = OffloadHeader.LENGTH;
        int length = frameLength - ip;
        DropReason fault = IpPacket.fault(frame, ip, length);
        if (fault != null) {
            return drop(fault);
        }
        if (IpPacket.isMulticast(frame, ip)) {
            return drop(DropReason.MULTICAST);
        }
        if (!own.holdSource(frame, ip)) {
            return drop(DropReason.SOURCE_NOT_OWN);
        }
        PeerTunnel tunnel = peers.ofDestination(frame, ip);
        if (tunnel == null) {
            return quiet ? Outcome.NO_PEER : askFor(frame, ip);
        }
        int rule = tunnel.policy().match(frame, ip, length, true);
        if (rule == SecurityPolicy.DISCARD) {
            return drop(DropReason.POLICY_DISCARDED);
        }
        return offer(tunnel, frame, length, tunnel.inReliableClass(policy.rule(rule)));
    }

    /** Readies a packet, which begins behind its offload header, for the peer. */
    private Outcome offer(PeerTunnel tunnel, MutableDirectBuffer frame, int length, boolean reliable) {
        int ip = OffloadHeader.LENGTH;
        boolean needsChecksum = (OffloadHeader.flags(frame, 0) & OffloadHeader.NEEDS_CHECKSUM) != 0;
        int segmentSize = OffloadHeader.type(frame, 0) == OffloadHeader.TYPE_NONE ? 0 : OffloadHeader.segmentSize(frame, 0);
        int capacity = tunnel.stream().pieceCapacity();
        if (needsChecksum && !Checksums.isPlain(frame, ip, length)) {
            // The receiver finds the checksum of plain packets only.
            Checksums.complete(frame, ip, length, OffloadHeader.checksumStart(frame, 0), OffloadHeader.checksumOffset(frame, 0));
            needsChecksum = false;
            segmentSize = 0;
        }
        MssClamp.clamp(frame, ip, length, capacity, needsChecksum);
        if (length > capacity && !reliable && PlainTransport.protocol(frame, ip) != PlainTransport.TCP) {
            tooBig.answer(tunnel, frame, ip, length, capacity, nowNs);
        }
        tunnel.outlet(reliable).offer(frame, ip, length, PacketTraits.of(needsChecksum, segmentSize), nowNs);
        return Outcome.DONE;
    }

    private Outcome askFor(MutableDirectBuffer frame, int ip) {
        if (unknown.containsDestination(frame, ip, nowNs)) {
            return drop(DropReason.NO_PEER);
        }
        demand.peerOf(IpPacket.destination(frame, ip));
        return Outcome.NO_PEER;
    }

    private HoldQueue.Fate retryHeld(MutableDirectBuffer frame, int length) {
        return forward(frame, length) == Outcome.DONE ? HoldQueue.Fate.DONE : HoldQueue.Fate.WAIT;
    }

    private Outcome drop(DropReason reason) {
        drops.increment(reason);
        return Outcome.DONE;
    }
}
