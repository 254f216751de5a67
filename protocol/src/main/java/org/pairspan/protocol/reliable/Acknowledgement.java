package org.pairspan.protocol.reliable;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.pairspan.protocol.control.ControlType;

/**
 * Layout of the messages by which the two ends of a reliable stream agree (PS-6).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+ --
 *  |   Type = 2    |     Kind      |  Incarnation  |  Words (0)    |  | a request ends here
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+ --
 *  |                       Receiver instance                       |
 *  +                                                               +
 *  |                                                               |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |               Next: number of the piece to deliver next       |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |               Window: pieces from there that have room        |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |    Longest piece, bytes       |               0               |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |               Newest: number of the piece that came last      |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |               Delay: nanoseconds since it came                |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+ --
 *  |        Bitmap, 8 bytes each: bit i of word w (from 0,         |  | Words times
 *  +        lowest first) is piece Next + 64 w + i, and is 1       +  |
 *  |        when it is here                                        |  |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+ --
 * </pre>
 *
 * <p>Each acknowledgement tells all that is here, so that one that is lost costs nothing; and it has no ranges that could contradict each
 * other.
 */
final class Acknowledgement {
    /** The sender asks for an acknowledgement. */
    static final int REQUEST = 0;
    /** What of the stream is here. */
    static final int STATE = 1;
    /** The receiver knows no stream of this incarnation and can't begin one in its middle. */
    static final int NO_STREAM = 2;
    /** As {@link #STATE}, and the newest piece was one that is marked as resent. */
    static final int STATE_RESENT = 3;

    static final int REQUEST_LENGTH = 4;
    static final int HEADER_LENGTH = 32;
    /** Most words of the bitmap: those of the largest window. */
    static final int MAX_WORDS = 128;
    /** Longest message. */
    static final int MAX_LENGTH = HEADER_LENGTH + MAX_WORDS * Long.BYTES;

    private static final int MIN_WINDOW = 128;
    private static final int KIND_OFFSET = 1;
    private static final int INCARNATION_OFFSET = 2;
    private static final int WORDS_OFFSET = 3;
    private static final int INSTANCE_OFFSET = 4;
    private static final int NEXT_OFFSET = 12;
    private static final int WINDOW_OFFSET = 16;
    private static final int LONGEST_OFFSET = 20;
    private static final int UNUSED_OFFSET = 22;
    private static final int NEWEST_OFFSET = 24;
    private static final int DELAY_OFFSET = 28;
    private static final long MAX_DELAY_NS = 0xFFFF_FFFFL;

    private Acknowledgement() {
    }

    /**
     * @throws IllegalArgumentException when a bitmap can't have this window.
     */
    static void requireWindow(int window) {
        if (window < MIN_WINDOW || window > ReliableSender.MAX_WINDOW || Integer.bitCount(window) != 1) {
            throw new IllegalArgumentException("a window of " + window + " pieces");
        }
    }

    static boolean isWellFormed(DirectBuffer buffer, int offset, int length) {
        if (length < REQUEST_LENGTH || buffer.getByte(offset) != ControlType.ACKNOWLEDGEMENT.code()) {
            return false;
        }
        int words = words(buffer, offset);
        return switch (kind(buffer, offset)) {
            case REQUEST -> length == REQUEST_LENGTH && words == 0;
            case NO_STREAM -> length == HEADER_LENGTH && words == 0;
            case STATE, STATE_RESENT -> words <= MAX_WORDS && length == HEADER_LENGTH + words * Long.BYTES;
            default -> false;
        };
    }

    static int kind(DirectBuffer buffer, int offset) {
        return buffer.getByte(offset + KIND_OFFSET);
    }

    static byte incarnation(DirectBuffer buffer, int offset) {
        return buffer.getByte(offset + INCARNATION_OFFSET);
    }

    static int words(DirectBuffer buffer, int offset) {
        return buffer.getByte(offset + WORDS_OFFSET) & 0xFF;
    }

    static long instance(DirectBuffer buffer, int offset) {
        return buffer.getLong(offset + INSTANCE_OFFSET, ByteOrder.BIG_ENDIAN);
    }

    static int next(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset + NEXT_OFFSET, ByteOrder.BIG_ENDIAN);
    }

    static int window(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset + WINDOW_OFFSET, ByteOrder.BIG_ENDIAN);
    }

    static int longestPiece(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset + LONGEST_OFFSET, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    static int newest(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset + NEWEST_OFFSET, ByteOrder.BIG_ENDIAN);
    }

    static long delayNs(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset + DELAY_OFFSET, ByteOrder.BIG_ENDIAN) & MAX_DELAY_NS;
    }

    static long word(DirectBuffer buffer, int offset, int index) {
        return buffer.getLong(offset + HEADER_LENGTH + index * Long.BYTES, ByteOrder.BIG_ENDIAN);
    }

    /** How many pieces from <em>next</em> on the bitmap speaks of: one more than the place of its last 1. */
    static int span(DirectBuffer buffer, int offset) {
        for (int index = words(buffer, offset) - 1; index >= 0; index--) {
            long word = word(buffer, offset, index);
            if (word != 0) {
                return (index + 1) * Long.SIZE - Long.numberOfLeadingZeros(word);
            }
        }
        return 0;
    }

    /** How many pieces the bitmap of a message of so many bytes speaks of at most. */
    static int longestSpan(int length) {
        return Math.clamp((length - HEADER_LENGTH) / Long.BYTES, 0, MAX_WORDS) * Long.SIZE;
    }

    static int encodeRequest(MutableDirectBuffer buffer, byte incarnation) {
        putStart(buffer, REQUEST, incarnation, 0);
        return REQUEST_LENGTH;
    }

    static int encodeNoStream(MutableDirectBuffer buffer, byte incarnation, long instance, int window, int longestPiece) {
        putStart(buffer, NO_STREAM, incarnation, 0);
        putReceiver(buffer, instance, 0, window, longestPiece);
        putNewest(buffer, 0, 0);
        return HEADER_LENGTH;
    }

    /** The bitmap has the numbers from <em>next</em> on, as many as the span says. */
    static int encodeState(MutableDirectBuffer buffer, byte incarnation, long instance, int next, int window, int longestPiece,
            NumberSet here, int span) {
        int words = span + Long.SIZE - 1 >> 6;
        putStart(buffer, STATE, incarnation, words);
        putReceiver(buffer, instance, next, window, longestPiece);
        for (int index = 0; index < words; index++) {
            buffer.putLong(HEADER_LENGTH + index * Long.BYTES, here.from(next + index * Long.SIZE), ByteOrder.BIG_ENDIAN);
        }
        return HEADER_LENGTH + words * Long.BYTES;
    }

    /** Adds to a state which piece came last, when, and whether it was one marked as resent. */
    static void encodeNewest(MutableDirectBuffer buffer, boolean resent, int newest, long delayNs) {
        buffer.putByte(KIND_OFFSET, (byte) (resent ? STATE_RESENT : STATE));
        putNewest(buffer, newest, Math.clamp(delayNs, 0, MAX_DELAY_NS));
    }

    private static void putStart(MutableDirectBuffer buffer, int kind, byte incarnation, int words) {
        buffer.putByte(0, ControlType.ACKNOWLEDGEMENT.code());
        buffer.putByte(KIND_OFFSET, (byte) kind);
        buffer.putByte(INCARNATION_OFFSET, incarnation);
        buffer.putByte(WORDS_OFFSET, (byte) words);
    }

    private static void putReceiver(MutableDirectBuffer buffer, long instance, int next, int window, int longestPiece) {
        buffer.putLong(INSTANCE_OFFSET, instance, ByteOrder.BIG_ENDIAN);
        buffer.putInt(NEXT_OFFSET, next, ByteOrder.BIG_ENDIAN);
        buffer.putInt(WINDOW_OFFSET, window, ByteOrder.BIG_ENDIAN);
        buffer.putShort(LONGEST_OFFSET, (short) longestPiece, ByteOrder.BIG_ENDIAN);
        buffer.putShort(UNUSED_OFFSET, (short) 0, ByteOrder.BIG_ENDIAN);
    }

    private static void putNewest(MutableDirectBuffer buffer, int newest, long delayNs) {
        buffer.putInt(NEWEST_OFFSET, newest, ByteOrder.BIG_ENDIAN);
        buffer.putInt(DELAY_OFFSET, (int) delayNs, ByteOrder.BIG_ENDIAN);
    }
}
