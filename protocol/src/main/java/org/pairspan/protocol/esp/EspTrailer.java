package org.pairspan.protocol.esp;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The ESP trailer in front of the ICV (RFC 4303 sections 2.4 to 2.6): padding, pad length and next header, right-aligned to four
 * bytes.
 *
 * <pre>
 *  | plaintext ... | 1 2 3 (0 to 3 bytes of padding) | pad length (1) | next header (1) |
 * </pre>
 */
public final class EspTrailer {
    /** Bytes of pad length and next header. */
    public static final int LENGTH = 2;
    /** A bearer segment: a number for experiments (RFC 3692). */
    public static final int NEXT_HEADER_SEGMENT = 253;
    /** A control message: the other number for experiments. */
    public static final int NEXT_HEADER_CONTROL = 254;
    /** A dummy packet, to be dropped in silence (RFC 4303 section 2.6). */
    public static final int NEXT_HEADER_DUMMY = 59;

    private static final int ALIGNMENT = 4;

    private EspTrailer() {
    }

    /** Bytes of a plaintext of this length with its trailer: a multiple of 4. */
    public static int paddedLength(int plaintextLength) {
        return plaintextLength + LENGTH + ALIGNMENT - 1 & -ALIGNMENT;
    }

    /** The largest plaintext that is, with its trailer, no longer than this; below 0 where not even the trailer fits. */
    public static int plaintextCapacity(int paddedLength) {
        return (paddedLength & -ALIGNMENT) - LENGTH;
    }

    /** Writes the trailer behind the plaintext at {@code buffer[offset]}; answers {@link #paddedLength}. */
    public static int append(MutableDirectBuffer buffer, int offset, int plaintextLength, int nextHeader) {
        int total = paddedLength(plaintextLength);
        int padLength = total - plaintextLength - LENGTH;
        // "padding bytes are initialized with a series of (unsigned, 1-byte) integer values [...] 1, 2, 3, ..." (section 2.4)
        for (int i = 0; i < padLength; i++) {
            buffer.putByte(offset + plaintextLength + i, (byte) (i + 1));
        }
        buffer.putByte(offset + total - 2, (byte) padLength);
        buffer.putByte(offset + total - 1, (byte) nextHeader);
        return total;
    }

    /** The next header of a plaintext with trailer of at least {@link #LENGTH} bytes. */
    public static int nextHeader(DirectBuffer buffer, int offset, int paddedLength) {
        return buffer.getByte(offset + paddedLength - 1) & 0xFF;
    }

    /**
     * The length of the plaintext in front of the trailer, or -1 when the padding is not what section 2.4 asks for. A sender may pad
     * up to 255 bytes.
     *
     * @param paddedLength at least {@link #LENGTH}.
     */
    public static int plaintextLength(DirectBuffer buffer, int offset, int paddedLength) {
        int padLength = buffer.getByte(offset + paddedLength - 2) & 0xFF;
        int plaintextLength = paddedLength - LENGTH - padLength;
        if (plaintextLength < 0) {
            return -1;
        }
        for (int i = 0; i < padLength; i++) {
            if (buffer.getByte(offset + plaintextLength + i) != (byte) (i + 1)) {
                return -1;
            }
        }
        return plaintextLength;
    }
}
