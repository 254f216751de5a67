package org.pairspan.node.posix;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * {@code struct cmsghdr} on a 64-bit machine, and the data behind it; each starts at a multiple of 8.
 * <pre>
 *   0                               8              12              16
 *   | length, this header included  | level         | type          | data ...
 * </pre>
 */
public final class ControlMessage {
    public static final int HEADER_LENGTH = 16;
    public static final int LENGTH_OFFSET = 0;
    public static final int LEVEL_OFFSET = 8;
    public static final int TYPE_OFFSET = 12;
    public static final int DATA_OFFSET = 16;

    private static final int ALIGNMENT = 8;

    private ControlMessage() {
    }

    /** CMSG_SPACE: room that a message with that much data takes in the buffer. */
    public static int space(int dataLength) {
        return HEADER_LENGTH + align(dataLength);
    }

    /** Writes {@code UDP_SEGMENT}: the kernel cuts the one send into datagrams of this length. Takes {@code space(2)} octets. */
    public static void putSegmentLength(MutableDirectBuffer buffer, int offset, int segmentLength) {
        buffer.putLong(offset + LENGTH_OFFSET, HEADER_LENGTH + Short.BYTES);
        buffer.putInt(offset + LEVEL_OFFSET, SocketOptions.SOL_UDP);
        buffer.putInt(offset + TYPE_OFFSET, SocketOptions.UDP_SEGMENT);
        buffer.putLong(offset + DATA_OFFSET, segmentLength & 0xFFFFL);
    }

    /**
     * Looks for {@code UDP_GRO} among the received control messages: the length of each datagram in what was gathered (the last
     * may be shorter), or 0 where there is none and one datagram was received.
     *
     * @param length the received msg_controllen
     */
    public static int gatheredLength(DirectBuffer buffer, int offset, int length) {
        int end = offset + length;
        int at = offset;
        while (end - at >= HEADER_LENGTH) {
            long messageLength = buffer.getLong(at + LENGTH_OFFSET);
            if (messageLength < HEADER_LENGTH || messageLength > end - at) {
                return 0;
            }
            if (buffer.getInt(at + LEVEL_OFFSET) == SocketOptions.SOL_UDP
                && buffer.getInt(at + TYPE_OFFSET) == SocketOptions.UDP_GRO
                && messageLength >= HEADER_LENGTH + Integer.BYTES) {
                return buffer.getInt(at + DATA_OFFSET);
            }
            at += align((int) messageLength);
        }
        return 0;
    }

    private static int align(int length) {
        return (length + ALIGNMENT - 1) & -ALIGNMENT;
    }
}
