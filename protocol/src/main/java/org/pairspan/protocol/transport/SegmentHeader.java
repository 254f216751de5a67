package org.pairspan.protocol.transport;

/**
 * The transport header (PS-5, PS-6) of one piece: what part of which message it is, or its place in the reliable stream. Eight bytes,
 * big-endian, held as one {@code long}.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |     Flags     |  Incarnation  |             Word              |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                            Number                             |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>In the datagram class <em>number</em> is the message's and <em>word</em> the index of the piece within it. In the reliable class
 * <em>number</em> counts pieces and wraps, <em>incarnation</em> is the stream's, and <em>word</em> is the segment size of a
 * {@link #SUPER} packet in its first piece and 0 in every other. Bits without a meaning are 0.
 */
public final class SegmentHeader {
    /** Bytes of the header. */
    public static final int LENGTH = 8;

    /** The piece belongs to the reliable class. */
    public static final int RELIABLE = 0x01;
    /** A message begins with this piece. */
    public static final int FIRST = 0x02;
    /** A message ends with this piece. */
    public static final int LAST = 0x04;
    /** The TCP or UDP checksum field of the packet holds the pseudo-header's sum only. */
    public static final int NEEDS_CHECKSUM = 0x08;
    /** The packet is a TCP super-packet, to be cut into segments of {@code word} bytes; only together with {@link #FIRST}. */
    public static final int SUPER = 0x10;
    /** The piece of the reliable class was sent before, so that its acknowledgement tells which sending arrived. */
    public static final int RESENT = 0x20;
    /** Both ends of a message in one piece. */
    public static final int WHOLE = FIRST | LAST;

    private static final int KNOWN_FLAGS = RELIABLE | FIRST | LAST | NEEDS_CHECKSUM | SUPER | RESENT;
    private static final int FLAGS_SHIFT = 56;
    private static final int INCARNATION_SHIFT = 48;
    private static final int WORD_SHIFT = 32;

    private SegmentHeader() {
    }

    /**
     * Packs the fields; of each the lower bits count.
     *
     * @param flags       8 bits.
     * @param incarnation 8 bits.
     * @param word        16 bits.
     * @param number      32 bits.
     */
    public static long encode(int flags, int incarnation, int word, int number) {
        return (long) (flags & 0xFF) << FLAGS_SHIFT | (long) (incarnation & 0xFF) << INCARNATION_SHIFT
                | (long) (word & 0xFFFF) << WORD_SHIFT | number & 0xFFFF_FFFFL;
    }

    /** The flags, 0 to 255. */
    public static int flags(long header) {
        return (int) (header >>> FLAGS_SHIFT);
    }

    /** Whether every one of these flags is set. */
    public static boolean has(long header, int flags) {
        return (flags(header) & flags) == flags;
    }

    /** The stream incarnation, 0 to 255. */
    public static int incarnation(long header) {
        return (int) (header >>> INCARNATION_SHIFT) & 0xFF;
    }

    /** The word, 0 to 65,535. */
    public static int word(long header) {
        return (int) (header >>> WORD_SHIFT) & 0xFFFF;
    }

    /** The message id or piece number, all 32 bits of it. */
    public static int number(long header) {
        return (int) header;
    }

    /** Whether only known flags are set, and {@link #SUPER} only where a message of at least one segment begins. */
    public static boolean isValid(long header) {
        int flags = flags(header);
        return (flags & ~KNOWN_FLAGS) == 0 && ((flags & SUPER) == 0 || (flags & FIRST) != 0 && word(header) > 0);
    }

    /** The fields as text. */
    public static String describe(long header) {
        return "Segment{flags=0x" + Integer.toHexString(flags(header)) + " incarnation=" + incarnation(header) + " word="
                + word(header) + " number=" + Integer.toUnsignedString(number(header)) + '}';
    }
}
