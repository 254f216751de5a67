package org.pairspan.protocol.transport;

/**
 * The fragment header at the head of each ESP plaintext, as one big-endian {@code long}.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                          Datagram id                          |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |            Offset             |         Total length          |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>All fragments of a datagram but the last have one length, the chunk, and offsets are multiples of it. The id counts a sender's
 * datagrams within one security association and may wrap.
 */
public final class FragmentHeader {
    /** Bytes of the header. */
    public static final int LENGTH = 8;
    /** The largest datagram that can be carried, in bytes. */
    public static final int MAX_TOTAL = 0xFFFF;

    private FragmentHeader() {
    }

    /**
     * @param offset of the fragment's first byte, 0 to 65,534.
     * @param total length of the whole datagram, 1 to 65,535.
     */
    public static long encode(int datagramId, int offset, int total) {
        return (long) datagramId << 32 | (offset & 0xFFFFL) << 16 | total & 0xFFFFL;
    }

    public static int datagramId(long header) {
        return (int) (header >>> 32);
    }

    public static int offset(long header) {
        return (int) (header >>> 16) & 0xFFFF;
    }

    public static int total(long header) {
        return (int) header & 0xFFFF;
    }

    /** The fields as text. */
    public static String describe(long header) {
        return "Fragment{datagram=" + Integer.toUnsignedString(datagramId(header)) + " offset=" + offset(header)
            + " total=" + total(header) + '}';
    }
}
