package org.pairspan.protocol.transport;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What one datagram carries of a stream (PS-5): pieces that follow each other without a gap, each with its transport header. It is the
 * plaintext of an ESP packet with next header 253, all big-endian.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                          Session id                           |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                            Term id                            |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                 Term offset of the first piece                |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+ --
 *  |            Length             |                               |  |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+                               +  | for each
 *  |                 Transport header, 8 bytes                     |  | piece
 *  +                               +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+  |
 *  |                               |                               |  |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+                               +  |
 *  ~                     Piece, "length" bytes                     ~  |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+ --
 * </pre>
 *
 * <p>A length of 0 ends the segment, and so does the end of the plaintext, or a single byte in front of it; whatever stands behind a
 * length of 0 is padding. A segment has one piece at least. Writers and readers take offsets and leave it to the caller that the fixed
 * parts are there.
 */
public final class BearerSegment {
    /** Bytes in front of the first piece. */
    public static final int PREFIX_LENGTH = 12;
    /** Bytes in front of each piece's own. */
    public static final int PIECE_PREFIX_LENGTH = Short.BYTES + SegmentHeader.LENGTH;
    /** Longest piece, in bytes. */
    public static final int LONGEST_PIECE = 0xFFFF;
    /** What {@link #pieceLength} answers behind the last piece. */
    public static final int END = 0;
    /** What {@link #pieceLength} answers where a piece is longer than what is left. */
    public static final int MALFORMED = -1;

    private static final int TERM_ID_OFFSET = 4;
    private static final int TERM_OFFSET_OFFSET = 8;

    private BearerSegment() {
    }

    /** The largest piece that fits a plaintext of this length, in bytes; below 1 where none does. */
    public static int pieceCapacity(int plaintextCapacity) {
        return Math.min(plaintextCapacity - PREFIX_LENGTH - PIECE_PREFIX_LENGTH, LONGEST_PIECE);
    }

    /** Writes what stands in front of the first piece. */
    public static void writePrefix(MutableDirectBuffer buffer, int offset, int sessionId, int termId, int termOffset) {
        buffer.putInt(offset, sessionId, ByteOrder.BIG_ENDIAN);
        buffer.putInt(offset + TERM_ID_OFFSET, termId, ByteOrder.BIG_ENDIAN);
        buffer.putInt(offset + TERM_OFFSET_OFFSET, termOffset, ByteOrder.BIG_ENDIAN);
    }

    /**
     * Writes one piece.
     *
     * @param header transport header, see {@link SegmentHeader}.
     * @param length of the piece in bytes, 1 to {@link #LONGEST_PIECE}.
     * @return bytes written.
     */
    public static int writePiece(MutableDirectBuffer buffer, int offset, long header, DirectBuffer piece, int pieceOffset,
                                 int length) {
        buffer.putShort(offset, (short) length, ByteOrder.BIG_ENDIAN);
        buffer.putLong(offset + Short.BYTES, header, ByteOrder.BIG_ENDIAN);
        buffer.putBytes(offset + PIECE_PREFIX_LENGTH, piece, pieceOffset, length);
        return PIECE_PREFIX_LENGTH + length;
    }

    /** The Aeron session whose stream the pieces belong to. */
    public static int sessionId(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset, ByteOrder.BIG_ENDIAN);
    }

    /** The term in which the pieces lie. */
    public static int termId(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset + TERM_ID_OFFSET, ByteOrder.BIG_ENDIAN);
    }

    /** Where in the term the first piece's frame begins; not checked. */
    public static int termOffset(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset + TERM_OFFSET_OFFSET, ByteOrder.BIG_ENDIAN);
    }

    /**
     * The length of the piece at {@code index}.
     *
     * @param left bytes of the segment from there on, 0 or more.
     * @return 1 or more, {@link #END} or {@link #MALFORMED}.
     */
    public static int pieceLength(DirectBuffer buffer, int index, int left) {
        if (left < Short.BYTES) {
            return END;
        }
        int length = buffer.getShort(index, ByteOrder.BIG_ENDIAN) & 0xFFFF;
        return length <= left - PIECE_PREFIX_LENGTH ? length : length == 0 ? END : MALFORMED;
    }

    /** The transport header of the piece at {@code index}. */
    public static long header(DirectBuffer buffer, int index) {
        return buffer.getLong(index + Short.BYTES, ByteOrder.BIG_ENDIAN);
    }
}
