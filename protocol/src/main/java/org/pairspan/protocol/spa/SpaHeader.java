package org.pairspan.protocol.spa;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The SPA header, in front of the ESP header.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |  Version = 1  |   Flags = 0   |        Datagram length        |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                                                               |
 *  +                       Tag (SipHash-2-4)                       +
 *  |                                                               |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>The length is that of the whole datagram with this header, big-endian. Methods take the offset of the header's first byte and
 * leave it to the caller that {@link #LENGTH} bytes are there.
 */
public final class SpaHeader {
    /** Bytes of the header. */
    public static final int LENGTH = 12;
    /** Bytes of the header in front of its tag, which the tag covers. */
    public static final int TAGGED_LENGTH = 4;
    /** The one version there is. */
    public static final int VERSION = 1;

    private static final int VERSION_OFFSET = 0;
    private static final int FLAGS_OFFSET = 1;
    private static final int DATAGRAM_LENGTH_OFFSET = 2;
    private static final int TAG_OFFSET = 4;

    private SpaHeader() {
    }

    /** Writes all but the tag. */
    public static void write(MutableDirectBuffer buffer, int offset, int datagramLength) {
        buffer.putByte(offset + VERSION_OFFSET, (byte) VERSION);
        buffer.putByte(offset + FLAGS_OFFSET, (byte) 0);
        buffer.putShort(offset + DATAGRAM_LENGTH_OFFSET, (short) datagramLength, ByteOrder.BIG_ENDIAN);
    }

    /** Writes the tag in the byte order of SipHash's own output. */
    public static void writeTag(MutableDirectBuffer buffer, int offset, long tag) {
        buffer.putLong(offset + TAG_OFFSET, tag, ByteOrder.LITTLE_ENDIAN);
    }

    /** Whether version and flags are the ones known here. */
    public static boolean isKnownVersion(DirectBuffer buffer, int offset) {
        return buffer.getByte(offset + VERSION_OFFSET) == VERSION && buffer.getByte(offset + FLAGS_OFFSET) == 0;
    }

    /** Length of the whole datagram as the header has it: 0 to 65,535, not checked. */
    public static int datagramLength(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset + DATAGRAM_LENGTH_OFFSET, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    /** The tag as it stands. */
    public static long tag(DirectBuffer buffer, int offset) {
        return buffer.getLong(offset + TAG_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** The fields as text, without the tag. */
    public static String describe(DirectBuffer buffer, int offset) {
        return "SPA{version=" + buffer.getByte(offset + VERSION_OFFSET) + " flags=" + buffer.getByte(offset + FLAGS_OFFSET)
            + " datagramLength=" + datagramLength(buffer, offset) + '}';
    }
}
