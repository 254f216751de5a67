package org.pairspan.protocol.esp;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The ESP header (RFC 4303 section 2) and the 8-byte initialisation vector of RFC 4106 section 3.1 behind it, which is the whole
 * 64-bit sequence number.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                Security parameters index (SPI)                |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                 Sequence number, lower 32 bits                |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |             Initialisation vector (8 bytes) =                 |
 *  +                 sequence number, all 64 bits                  +
 *  |                                                               |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>All big-endian. Methods take the offset of the header's first byte and leave it to the caller that {@link #LENGTH} bytes are
 * there.
 */
public final class EspHeader {
    /** Bytes of header and initialisation vector. */
    public static final int LENGTH = 16;

    private static final int SPI_OFFSET = 0;
    private static final int SEQUENCE_OFFSET = 4;
    private static final int IV_OFFSET = 8;

    private EspHeader() {
    }

    /** Writes header and initialisation vector; both carry the 64-bit sequence number, the header its lower half. */
    public static void write(MutableDirectBuffer buffer, int offset, int spi, long sequence) {
        buffer.putInt(offset + SPI_OFFSET, spi, ByteOrder.BIG_ENDIAN);
        buffer.putInt(offset + SEQUENCE_OFFSET, (int) sequence, ByteOrder.BIG_ENDIAN);
        buffer.putLong(offset + IV_OFFSET, sequence, ByteOrder.BIG_ENDIAN);
    }

    /** The security parameters index, all 32 bits; above 2^31 - 1 it is negative here. */
    public static int spi(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset + SPI_OFFSET, ByteOrder.BIG_ENDIAN);
    }

    /** The lower half of the sequence number, unsigned. */
    public static int sequenceLow(DirectBuffer buffer, int offset) {
        return buffer.getInt(offset + SEQUENCE_OFFSET, ByteOrder.BIG_ENDIAN);
    }

    /** The initialisation vector: the sender's sequence number, if the packet is authentic. */
    public static long initialisationVector(DirectBuffer buffer, int offset) {
        return buffer.getLong(offset + IV_OFFSET, ByteOrder.BIG_ENDIAN);
    }

    /** The fields as text. */
    public static String describe(DirectBuffer buffer, int offset) {
        return "ESP{spi=0x" + Integer.toHexString(spi(buffer, offset))
            + " sequenceLow=" + Integer.toUnsignedString(sequenceLow(buffer, offset))
            + " iv=" + Long.toUnsignedString(initialisationVector(buffer, offset)) + '}';
    }
}
