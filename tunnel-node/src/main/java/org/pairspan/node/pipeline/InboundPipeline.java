package org.pairspan.node.pipeline;

import org.agrona.DirectBuffer;
import org.pairspan.node.bearer.PieceHandler;
import org.pairspan.node.classify.IpPacket;
import org.pairspan.node.classify.OwnPrefixes;
import org.pairspan.node.offload.PacketGatherer;
import org.pairspan.node.policy.SecurityPolicy;
import org.pairspan.protocol.alert.AlertCode;
import org.pairspan.protocol.reliable.Delivery;
import org.pairspan.protocol.transport.MessageAssembler;
import org.pairspan.protocol.transport.SegmentHeader;
import org.pairspan.protocol.wire.DropCounters;
import org.pairspan.protocol.wire.DropReason;

/**
 * The way of a packet in (PS-12), from the stream of a peer to the device:
 *
 * <pre>
 * (UDP, SPA, ESP: bearer) → stream → transport header true?
 *        datagram class → whole, or assembled from its pieces
 *        reliable class → in order, once: {@link org.pairspan.protocol.reliable.ReliableReceiver} → assembled from its pieces
 *        → well-formed IP? → source the peer's? → destination ours? → policy → gathered with its neighbours → device
 * </pre>
 *
 * Data thread only.
 */
final class InboundPipeline {
    /** Pieces taken from one peer before the next has its turn: several of the device's longest packets. */
    private static final int BURST = 256;

    private final OwnPrefixes own;
    private final PeerDirectory peers;
    private final PacketGatherer gatherer;
    private final DropCounters drops;
    private final PieceHandler handler = this::onPiece;
    private final Delivery delivery = this::onNextPiece;
    private PeerTunnel from;
    private long nowNs;

    InboundPipeline(OwnPrefixes own, PeerDirectory peers, PacketGatherer gatherer, DropCounters drops) {
        this.own = own;
        this.peers = peers;
        this.gatherer = gatherer;
        this.drops = drops;
    }

    /** Takes a burst of pieces from each peer; every packet that is whole is with the device when this returns. */
    int doWork(long now) {
        nowNs = now;
        int work = 0;
        for (PeerTunnel tunnel : peers.tunnels()) {
            from = tunnel;
            work += tunnel.stream().poll(handler, BURST);
        }
        from = null;
        gatherer.flush();
        return work;
    }

    private void onPiece(long header, DirectBuffer buffer, int offset, int length) {
        if (!SegmentHeader.isValid(header)) {
            drops.increment(DropReason.MALFORMED_FRAME);
        } else if (SegmentHeader.has(header, SegmentHeader.RELIABLE)) {
            int result = from.reliable().receiver().onPiece(header, buffer, offset, length, nowNs, delivery);
            if (result < 0) {
                drops.incrementByResult(result);
            }
        } else if (SegmentHeader.has(header, SegmentHeader.WHOLE)) {
            onPacket(buffer, offset, length, header);
        } else {
            assemble(from.assembler(), header, buffer, offset, length);
        }
    }

    /** A piece of the reliable class that is next in order; its memory does not stay. */
    private void onNextPiece(long header, DirectBuffer buffer, int offset, int length) {
        assemble(from.reliable().assembler(), header, buffer, offset, length);
    }

    private void assemble(MessageAssembler assembler, long header, DirectBuffer buffer, int offset, int length) {
        if (assembler.onPiece(header, buffer, offset, length)) {
            onPacket(assembler.buffer(), 0, assembler.length(), assembler.first());
            // The next message comes into the same memory.
            gatherer.flush();
        }
    }

    /** One whole packet; the header is that of its first piece. */
    private void onPacket(DirectBuffer buffer, int offset, int length, long header) {
        DropReason fault = fault(buffer, offset, length);
        if (fault != null) {
            drops.increment(fault);
            tell(fault);
            return;
        }
        from.onReceived(length, SegmentHeader.has(header, SegmentHeader.RELIABLE));
        if (SegmentHeader.has(header, SegmentHeader.SUPER)) {
            gatherer.addSuper(buffer, offset, length, SegmentHeader.word(header));
        } else {
            gatherer.add(buffer, offset, length, SegmentHeader.has(header, SegmentHeader.NEEDS_CHECKSUM));
        }
    }

    /** What the peer's operator can mend is told there, at the rate of alerts. */
    private void tell(DropReason fault) {
        switch (fault) {
            case POLICY_REFUSED -> from.protocols().session().raise(AlertCode.ACCESS_DENIED);
            case SOURCE_NOT_PEERS, DESTINATION_NOT_OWN -> from.protocols().session().raise(AlertCode.ADDRESS_REFUSED);
            default -> { }
        }
    }

    private DropReason fault(DirectBuffer buffer, int offset, int length) {
        DropReason fault = IpPacket.fault(buffer, offset, length);
        if (fault != null) {
            return fault;
        }
        if (!peers.isSource(from, buffer, offset)) {
            return DropReason.SOURCE_NOT_PEERS;
        }
        if (!own.holdDestination(buffer, offset)) {
            return DropReason.DESTINATION_NOT_OWN;
        }
        return from.policy().match(buffer, offset, length, false) == SecurityPolicy.DISCARD ? DropReason.POLICY_REFUSED : null;
    }
}
