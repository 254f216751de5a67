package org.pairspan.protocol.alert;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.pairspan.protocol.control.ControlType;

/**
 * The one message of the alert protocol, 8 bytes, big-endian.
 *
 * <pre>
 *  | type = 5 (1) | alert code (1) | 0 (2) | occurrences since the last alert of this code (4, unsigned) |
 * </pre>
 */
final class AlertMessage {
    static final int LENGTH = 8;
    static final long MOST_OCCURRENCES = 0xFFFF_FFFFL;

    private static final int CODE_OFFSET = 1;
    private static final int RESERVED_OFFSET = 2;
    private static final int OCCURRENCES_OFFSET = 4;

    private AlertMessage() {
    }

    static void write(MutableDirectBuffer out, AlertCode code, long occurrences) {
        out.putByte(0, ControlType.ALERT.code());
        out.putByte(CODE_OFFSET, (byte) code.code());
        out.putShort(RESERVED_OFFSET, (short) 0);
        out.putInt(OCCURRENCES_OFFSET, (int) Math.min(occurrences, MOST_OCCURRENCES), ByteOrder.BIG_ENDIAN);
    }

    /** Whether this is a message as above, of a code known here or not. What follows it is ignored: later versions may say more. */
    static boolean isWellFormed(DirectBuffer message, int offset, int length) {
        return length >= LENGTH && message.getByte(offset) == ControlType.ALERT.code()
            && message.getShort(offset + RESERVED_OFFSET) == 0 && occurrences(message, offset) != 0;
    }

    static int code(DirectBuffer message, int offset) {
        return message.getByte(offset + CODE_OFFSET) & 0xFF;
    }

    static long occurrences(DirectBuffer message, int offset) {
        return message.getInt(offset + OCCURRENCES_OFFSET, ByteOrder.BIG_ENDIAN) & MOST_OCCURRENCES;
    }
}
