package org.pairspan.node.pipeline;

import org.agrona.DirectBuffer;
import org.pairspan.node.bearer.PieceStream;
import org.pairspan.protocol.reliable.ReliableSender;
import org.pairspan.protocol.reliable.Resender;
import org.pairspan.protocol.transport.SegmentHeader;
import org.pairspan.protocol.wire.DropCounters;
import org.pairspan.protocol.wire.DropReason;

/**
 * Packets of the reliable class (PS-6): cut as they are into pieces, which {@link ReliableSender} keeps until the peer has delivered them.
 * So they outlive the loss of datagrams and of the stream itself.
 */
final class ReliableClassSender implements PacketSender {
    private final PieceStream stream;
    private final ReliableSender reliable;
    private final DropCounters drops;
    private final Resender resender = this::resendPiece;
    /** How much of the packet at hand has been taken. */
    private int bytes;

    /**
     * @param stream   to the peer.
     * @param reliable the sending end of the reliable stream.
     * @param drops    where what can't be finished is counted.
     */
    ReliableClassSender(PieceStream stream, ReliableSender reliable, DropCounters drops) {
        this.stream = stream;
        this.reliable = reliable;
        this.drops = drops;
    }

    @Override
    public int send(DirectBuffer packet, int offset, int length, int traits, long nowNs) {
        while (bytes < length) {
            if (!reliable.canSend(nowNs)) {
                return PieceStream.CONGESTED;
            }
            int octets = Math.min(Math.min(stream.pieceCapacity(), reliable.pieceLength()), length - bytes);
            int claimed = stream.claim(octets);
            if (claimed != PieceStream.CLAIMED) {
                return claimed;
            }
            boolean first = bytes == 0;
            int flags = (first ? flagsOfMessage(traits) : 0) | (bytes + octets == length ? SegmentHeader.LAST : 0);
            long header = reliable.accept(flags, first ? PacketTraits.segmentSize(traits) : 0, packet, offset + bytes, octets, nowNs);
            stream.claimed().putBytes(stream.claimedOffset(), packet, offset + bytes, octets);
            stream.commit(header);
            bytes += octets;
        }
        bytes = 0;
        return PieceStream.CLAIMED;
    }

    private static int flagsOfMessage(int traits) {
        return SegmentHeader.FIRST
                | (PacketTraits.needsChecksum(traits) ? SegmentHeader.NEEDS_CHECKSUM : 0)
                | (PacketTraits.segmentSize(traits) > 0 ? SegmentHeader.SUPER : 0);
    }

    /** Sends again what is lost, as far as the stream takes it: how many pieces. */
    int resend(long nowNs) {
        return reliable.resend(nowNs, resender);
    }

    private boolean resendPiece(long header, DirectBuffer piece, int offset, int length) {
        if (stream.claim(length) != PieceStream.CLAIMED) {
            return false;
        }
        stream.claimed().putBytes(stream.claimedOffset(), piece, offset, length);
        stream.commit(header);
        return true;
    }

    @Override
    public boolean isUnderWay() {
        return bytes > 0;
    }

    @Override
    public void abandon() {
        drops.increment(DropReason.PIECE_MISSING);
        bytes = 0;
    }
}
