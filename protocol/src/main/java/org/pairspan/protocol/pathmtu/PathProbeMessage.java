package org.pairspan.protocol.pathmtu;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.pairspan.protocol.control.ControlType;

/**
 * A probe and its echo, 8 bytes, big-endian. Zeros follow a probe up to its packet's length; an echo repeats the probe's length and number.
 *
 * <pre>
 *  | type = 9 (1) | kind: 1 probe, 2 echo (1) | length of the probe's IP packet (2) | number of the probe (4) |
 * </pre>
 */
final class PathProbeMessage {
    static final int LENGTH = 8;
    static final int PROBE = 1;
    static final int ECHO = 2;

    private static final int KIND_OFFSET = 1;
    private static final int SIZE_OFFSET = 2;
    private static final int NUMBER_OFFSET = 4;

    private PathProbeMessage() {
    }

    static void write(MutableDirectBuffer out, int kind, int size, int number) {
        out.putByte(0, ControlType.PATH_PROBE.code());
        out.putByte(KIND_OFFSET, (byte) kind);
        out.putShort(SIZE_OFFSET, (short) size, ByteOrder.BIG_ENDIAN);
        out.putInt(NUMBER_OFFSET, number, ByteOrder.BIG_ENDIAN);
    }

    static boolean isWellFormed(DirectBuffer message, int offset, int length) {
        if (length < LENGTH || message.getByte(offset) != ControlType.PATH_PROBE.code()) {
            return false;
        }
        int kind = kind(message, offset);
        return kind == PROBE || kind == ECHO;
    }

    static int kind(DirectBuffer message, int offset) {
        return message.getByte(offset + KIND_OFFSET);
    }

    static int size(DirectBuffer message, int offset) {
        return message.getShort(offset + SIZE_OFFSET, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    static int number(DirectBuffer message, int offset) {
        return message.getInt(offset + NUMBER_OFFSET, ByteOrder.BIG_ENDIAN);
    }
}
