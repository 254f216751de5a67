package org.pairspan.protocol.heartbeat;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.pairspan.protocol.control.ControlType;

/**
 * The one message of the heartbeat, 8 bytes, big-endian. A reply repeats the request's counter.
 *
 * <pre>
 *  | type = 4 (1) | kind: 1 request, 2 reply (1) | hears: 0 no, 1 yes (1) | 0 (1) | counter (4) |
 * </pre>
 *
 * <p><em>hears</em> says whether anything of the receiver has reached the sender lately.
 */
final class HeartbeatMessage {
    static final int LENGTH = 8;
    static final int REQUEST = 1;
    static final int REPLY = 2;

    private static final int KIND_OFFSET = 1;
    private static final int HEARS_OFFSET = 2;
    private static final int RESERVED_OFFSET = 3;
    private static final int COUNTER_OFFSET = 4;

    private HeartbeatMessage() {
    }

    static void write(MutableDirectBuffer out, int kind, boolean hears, int counter) {
        out.putByte(0, ControlType.HEARTBEAT.code());
        out.putByte(KIND_OFFSET, (byte) kind);
        out.putByte(HEARS_OFFSET, (byte) (hears ? 1 : 0));
        out.putByte(RESERVED_OFFSET, (byte) 0);
        out.putInt(COUNTER_OFFSET, counter, ByteOrder.BIG_ENDIAN);
    }

    /** Whether this is a message as above. What follows it is ignored: later versions may say more. */
    static boolean isWellFormed(DirectBuffer message, int offset, int length) {
        if (length < LENGTH || message.getByte(offset) != ControlType.HEARTBEAT.code()) {
            return false;
        }
        int kind = kind(message, offset);
        int hears = message.getByte(offset + HEARS_OFFSET);
        return (kind == REQUEST || kind == REPLY) && (hears == 0 || hears == 1) && message.getByte(offset + RESERVED_OFFSET) == 0;
    }

    static int kind(DirectBuffer message, int offset) {
        return message.getByte(offset + KIND_OFFSET);
    }

    static boolean hears(DirectBuffer message, int offset) {
        return message.getByte(offset + HEARS_OFFSET) == 1;
    }

    static int counter(DirectBuffer message, int offset) {
        return message.getInt(offset + COUNTER_OFFSET, ByteOrder.BIG_ENDIAN);
    }
}
