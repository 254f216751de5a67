package org.pairspan.node.pipeline;

import org.agrona.DirectBuffer;
import org.pairspan.node.bearer.PieceStream;
import org.pairspan.node.offload.TcpSplitter;
import org.pairspan.protocol.transport.SegmentHeader;
import org.pairspan.protocol.wire.DropCounters;
import org.pairspan.protocol.wire.DropReason;

/**
 * Packets of the datagram class (PS-5). TCP that is too long becomes TCP segments, each a message of its own: a lost datagram then costs one
 * segment. Any other packet that is too long is cut into the pieces of one message.
 */
final class DatagramClassSender implements PacketSender {
    private final PieceStream stream;
    private final TcpSplitter splitter;
    private final DropCounters drops;
    private int messageId;
    /** How far the packet at hand has gone: its segments, or its pieces and their bytes. */
    private int segments;
    private int pieces;
    private int bytes;
    /** What a piece could hold when the packet at hand was begun. */
    private int begunCapacity;

    /**
     * @param stream         to the peer.
     * @param splitter       shared by all peers.
     * @param drops          where what can't be finished is counted.
     * @param firstMessageId random, so that the pieces of a node that starts anew continue nothing that the peer still has of an older one.
     */
    DatagramClassSender(PieceStream stream, TcpSplitter splitter, DropCounters drops, int firstMessageId) {
        this.stream = stream;
        this.splitter = splitter;
        this.drops = drops;
        this.messageId = firstMessageId;
    }

    @Override
    public int send(DirectBuffer packet, int offset, int length, int traits, long nowNs) {
        int capacity = stream.pieceCapacity();
        if (isUnderWay() && capacity != begunCapacity) {
            abandon();
            return PieceStream.CLAIMED;
        }
        begunCapacity = capacity;
        int segmentSize = PacketTraits.segmentSize(traits);
        if (segmentSize > 0 || length > capacity) {
            int count = splitter.wrap(packet, offset, length, segmentSize > 0 ? segmentSize : length, capacity);
            if (count > 0) {
                return sendSegments(count);
            }
        }
        return sendPieces(packet, offset, length, PacketTraits.needsChecksum(traits) ? SegmentHeader.NEEDS_CHECKSUM : 0);
    }

    @Override
    public boolean isUnderWay() {
        return segments > 0 || bytes > 0;
    }

    @Override
    public void abandon() {
        drops.increment(DropReason.PIECE_MISSING);
        startOver();
    }

    private int sendSegments(int count) {
        while (segments < count) {
            int claimed = stream.claim(splitter.length(segments));
            if (claimed != PieceStream.CLAIMED) {
                return claimed;
            }
            splitter.write(segments, stream.claimed(), stream.claimedOffset());
            stream.commit(SegmentHeader.encode(SegmentHeader.WHOLE | SegmentHeader.NEEDS_CHECKSUM, 0, 0, messageId++));
            segments++;
        }
        startOver();
        return PieceStream.CLAIMED;
    }

    private int sendPieces(DirectBuffer packet, int offset, int length, int messageFlags) {
        while (bytes < length) {
            int octets = Math.min(begunCapacity, length - bytes);
            int claimed = stream.claim(octets);
            if (claimed != PieceStream.CLAIMED) {
                return claimed;
            }
            stream.claimed().putBytes(stream.claimedOffset(), packet, offset + bytes, octets);
            int flags = messageFlags | (bytes == 0 ? SegmentHeader.FIRST : 0)
                    | (bytes + octets == length ? SegmentHeader.LAST : 0);
            stream.commit(SegmentHeader.encode(flags, 0, pieces, messageId));
            pieces++;
            bytes += octets;
        }
        startOver();
        return PieceStream.CLAIMED;
    }

    private void startOver() {
        messageId++;
        segments = 0;
        pieces = 0;
        bytes = 0;
    }
}
