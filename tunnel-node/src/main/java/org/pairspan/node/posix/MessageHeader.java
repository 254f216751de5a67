package org.pairspan.node.posix;

import org.agrona.MutableDirectBuffer;

/**
 * {@code struct msghdr} on a 64-bit machine, native byte order.
 * <pre>
 *   0                               8
 *   | name address                  |
 *   | name length   | (unused)      |  8
 *   | address of IoVectors          | 16
 *   | number of IoVectors           | 24
 *   | address of ControlMessages    | 32
 *   | length of ControlMessages     | 40
 *   | flags         | (unused)      | 48
 * </pre>
 */
public final class MessageHeader {
    public static final int LENGTH = 56;
    public static final int NAME_OFFSET = 0;
    public static final int NAME_LENGTH_OFFSET = 8;
    public static final int VECTORS_OFFSET = 16;
    public static final int VECTOR_COUNT_OFFSET = 24;
    public static final int CONTROL_OFFSET = 32;
    public static final int CONTROL_LENGTH_OFFSET = 40;
    public static final int FLAGS_OFFSET = 48;

    private MessageHeader() {
    }

    /**
     * Writes a whole structure. An address of 0 with a length of 0 stands for "none". On receipt the kernel overwrites the
     * two lengths and the flags, so these must be set again before the next receipt ({@link #putRoom}).
     */
    public static void put(
        MutableDirectBuffer buffer, int offset, long name, int nameLength, long vectors, int vectorCount, long control,
        int controlLength) {
        buffer.putLong(offset + NAME_OFFSET, name);
        buffer.putLong(offset + NAME_LENGTH_OFFSET, nameLength);
        buffer.putLong(offset + VECTORS_OFFSET, vectors);
        buffer.putLong(offset + VECTOR_COUNT_OFFSET, vectorCount);
        buffer.putLong(offset + CONTROL_OFFSET, control);
        buffer.putLong(offset + CONTROL_LENGTH_OFFSET, controlLength);
        buffer.putLong(offset + FLAGS_OFFSET, 0);
    }

    /** Renews the room for name and control messages, which the last receipt overwrote. */
    public static void putRoom(MutableDirectBuffer buffer, int offset, int nameLength, int controlLength) {
        buffer.putInt(offset + NAME_LENGTH_OFFSET, nameLength);
        buffer.putLong(offset + CONTROL_LENGTH_OFFSET, controlLength);
        buffer.putInt(offset + FLAGS_OFFSET, 0);
    }
}
