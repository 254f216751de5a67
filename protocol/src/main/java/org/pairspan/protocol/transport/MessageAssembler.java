package org.pairspan.protocol.transport;

import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.protocol.wire.DropCounters;
import org.pairspan.protocol.wire.DropReason;

/**
 * Puts the pieces of a message together again (PS-5). A stream brings pieces in the order in which they were sent, some of them not at all,
 * so one message is open at a time: each piece must be exactly the next one of it, or the message is given up. What comes out is what
 * went in, or nothing.
 *
 * <p>Two states. <em>Idle</em>: no message is open. <em>Open</em>: a message has begun and its next piece is awaited.
 *
 * <p>One thread. Memory is taken when the first message of several pieces comes, and grows with their length up to the limit.
 */
public final class MessageAssembler {
    private static final int SMALLEST_CAPACITY = 4096;

    private final int longest;
    private final DropCounters drops;
    private UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private boolean open;
    private long first;
    private int length;
    /** What the next piece of the open message has in its header. */
    private int nextNumber;
    private int nextWord;
    /** The message that was given up last: its other pieces are not counted again. */
    private boolean skipping;
    private int skipped;

    /**
     * @param longest longest message in bytes.
     * @param drops   where messages that are given up are counted.
     */
    public MessageAssembler(int longest, DropCounters drops) {
        this.longest = longest;
        this.drops = drops;
    }

    /**
     * Takes the next piece of the stream.
     *
     * @param header of the piece, {@link SegmentHeader#isValid valid}; all pieces are of one class.
     * @param piece  holding it; free again when the call returns.
     * @param offset where it begins.
     * @param octets its length in bytes.
     * @return whether a message is whole now: the first {@link #length()} bytes of {@link #buffer()}, until the next call.
     */
    public boolean onPiece(long header, DirectBuffer piece, int offset, int octets) {
        if (SegmentHeader.has(header, SegmentHeader.FIRST)) {
            begin(header);
        } else if (!open || !continues(header)) {
            giveUp(header);
            return false;
        }
        if (octets > longest - length) {
            open = false;
            skip(header);
            drops.increment(DropReason.MALFORMED_FRAME);
            return false;
        }
        append(piece, offset, octets);
        expectAfter(header);
        if (!SegmentHeader.has(header, SegmentHeader.LAST)) {
            return false;
        }
        open = false;
        return true;
    }

    /** Holds the whole message, from its begin; direct memory. */
    public DirectBuffer buffer() {
        return buffer;
    }

    /** Length of the whole message in bytes. */
    public int length() {
        return length;
    }

    /** Header of the message's first piece, whose flags are the message's. */
    public long first() {
        return first;
    }

    private void begin(long header) {
        if (open) {
            drops.increment(DropReason.PIECE_MISSING);
        }
        open = true;
        skipping = false;
        first = header;
        length = 0;
    }

    private boolean continues(long header) {
        return SegmentHeader.number(header) == nextNumber && SegmentHeader.word(header) == nextWord
                && SegmentHeader.incarnation(header) == SegmentHeader.incarnation(first);
    }

    private void expectAfter(long header) {
        if (SegmentHeader.has(header, SegmentHeader.RELIABLE)) {
            nextNumber = SegmentHeader.number(header) + 1;
            nextWord = 0;
        } else {
            boolean begins = SegmentHeader.has(header, SegmentHeader.FIRST);
            nextNumber = SegmentHeader.number(header);
            nextWord = begins ? 1 : nextWord + 1;
        }
    }

    /** Counts the open message, and that of a piece without its beginning, once each. */
    private void giveUp(long header) {
        boolean another = !open || SegmentHeader.number(header) != nextNumber;
        if (open) {
            drops.increment(DropReason.PIECE_MISSING);
        }
        if (another && !(skipping && skipped == SegmentHeader.number(header))) {
            drops.increment(DropReason.PIECE_MISSING);
        }
        open = false;
        skip(header);
    }

    private void skip(long header) {
        skipping = true;
        skipped = SegmentHeader.number(header);
    }

    private void append(DirectBuffer piece, int offset, int octets) {
        int needed = length + octets;
        if (needed > buffer.capacity()) {
            int capacity = Math.min(longest, Math.max(SMALLEST_CAPACITY, Integer.highestOneBit(needed) << 1));
            UnsafeBuffer larger = new UnsafeBuffer(ByteBuffer.allocateDirect(capacity));
            larger.putBytes(0, buffer, 0, length);
            buffer = larger;
        }
        buffer.putBytes(length, piece, offset, octets);
        length += octets;
    }
}
