package org.pairspan.node.posix;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * {@code struct pollfd}.
 * <pre>
 *   0               4       6       8
 *   | fd            | events| revents|
 * </pre>
 */
public final class PollDescriptor {
    public static final int LENGTH = 8;
    public static final int FD_OFFSET = 0;
    public static final int EVENTS_OFFSET = 4;
    public static final int RETURNED_EVENTS_OFFSET = 6;

    /** There is something to read. */
    public static final short POLLIN = 0x1;
    /** Writing would not wait. */
    public static final short POLLOUT = 0x4;
    /** Answered only: an error waits at the descriptor. */
    public static final short POLLERR = 0x8;

    private PollDescriptor() {
    }

    /** Writes a whole structure. A negative descriptor is passed over by the kernel. */
    public static void put(MutableDirectBuffer buffer, int offset, int descriptor, short events) {
        buffer.putInt(offset + FD_OFFSET, descriptor);
        buffer.putShort(offset + EVENTS_OFFSET, events);
        buffer.putShort(offset + RETURNED_EVENTS_OFFSET, (short) 0);
    }

    /** Whether poll had something to tell of the descriptor. */
    public static boolean isAnswered(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset + RETURNED_EVENTS_OFFSET) != 0;
    }
}
