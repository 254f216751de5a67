package org.pairspan.protocol.padding;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.pairspan.protocol.control.ControlType;

/**
 * A control message with padding behind it. Control messages have no length of their own, so one that is padded says how long it is.
 *
 * <pre>
 *  | type = 10 (1) | length (2, big-endian) | message, its own type first (length) | zeros ... |
 * </pre>
 */
public final class PaddedMessage {
    /** Bytes in front of the message. */
    public static final int HEADER_LENGTH = 3;
    /** What {@link #innerLength} answers when the message is not well-formed. */
    public static final int MALFORMED = -1;

    private static final int LENGTH_OFFSET = 1;

    private PaddedMessage() {
    }

    /** Writes what stands in front of a message of this length, 1 to 1,200. */
    public static void writeHeader(MutableDirectBuffer out, int offset, int innerLength) {
        out.putByte(offset, ControlType.PADDED.code());
        out.putShort(offset + LENGTH_OFFSET, (short) innerLength, ByteOrder.BIG_ENDIAN);
    }

    /**
     * The length of the message inside, which stands at {@code offset + HEADER_LENGTH}.
     *
     * @param length of the whole, 1 or more.
     * @return at least 1, or {@link #MALFORMED}; a padded message inside another is malformed.
     */
    public static int innerLength(DirectBuffer message, int offset, int length) {
        if (length <= HEADER_LENGTH) {
            return MALFORMED;
        }
        int inner = message.getShort(offset + LENGTH_OFFSET, ByteOrder.BIG_ENDIAN) & 0xFFFF;
        boolean fits = inner > 0 && inner <= length - HEADER_LENGTH;
        return fits && message.getByte(offset + HEADER_LENGTH) != ControlType.PADDED.code() ? inner : MALFORMED;
    }
}
