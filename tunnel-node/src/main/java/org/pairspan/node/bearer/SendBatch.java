package org.pairspan.node.bearer;

import java.nio.ByteBuffer;
import org.agrona.BitUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.node.posix.ControlMessage;
import org.pairspan.node.posix.Errno;
import org.pairspan.node.posix.IoVector;
import org.pairspan.node.posix.MessageHeader;
import org.pairspan.node.posix.MultiMessageHeader;
import org.pairspan.node.posix.Posix;
import org.pairspan.protocol.wire.DropCounters;
import org.pairspan.protocol.wire.DropReason;

/**
 * Datagrams to one destination that go to the kernel together: those of one length in a row, and a shorter one behind them, make one
 * message that the kernel cuts up (UDP segmentation offload), and several messages make one {@code sendmmsg}. Where a network interface
 * can't take such a message (EIO), each datagram is a message from then on.
 */
final class SendBatch {
    /** {@code UDP_MAX_SEGMENTS} of older kernels; newer ones take 128. */
    static final int MOST_SEGMENTS = 64;
    /** Largest UDP payload over IPv4, which a message may not exceed: 65,535 less the headers. */
    static final int MOST_BYTES = 65_507;

    /** Gives messages to the kernel. */
    @FunctionalInterface
    interface Kernel {
        /** As {@link Posix#sendmmsg}. */
        int sendmmsg(int descriptor, long multiMessageHeaders, int count, int flags);
    }

    private static final int ROOM = BitUtil.align(2 * MOST_BYTES, BitUtil.CACHE_LINE_LENGTH);
    private static final int MOST_DATAGRAMS = 256;
    private static final int MOST_MESSAGES = 64;
    private static final int CONTROL_LENGTH = ControlMessage.space(Short.BYTES);

    private final UnsafeBuffer datagrams = new UnsafeBuffer(ByteBuffer.allocateDirect(ROOM));
    private final UnsafeBuffer headers = new UnsafeBuffer(ByteBuffer.allocateDirect(MOST_MESSAGES * MultiMessageHeader.LENGTH));
    private final UnsafeBuffer vectors = new UnsafeBuffer(ByteBuffer.allocateDirect(MOST_MESSAGES * IoVector.LENGTH));
    private final UnsafeBuffer controls = new UnsafeBuffer(ByteBuffer.allocateDirect(MOST_MESSAGES * CONTROL_LENGTH));
    private final int[] lengths = new int[MOST_DATAGRAMS];
    private final int[] marks = new int[MOST_DATAGRAMS];
    private final int[] messageDatagrams = new int[MOST_MESSAGES];
    private final Kernel kernel;
    private final DropCounters drops;
    private boolean segmentationOffload = true;
    private int count;
    private int end;
    private int sentDatagrams;
    private int sentBytes;

    SendBatch(Kernel kernel, DropCounters drops) {
        this.kernel = kernel;
        this.drops = drops;
    }

    /** Begins a new batch. */
    void clear() {
        count = 0;
        end = 0;
        sentDatagrams = 0;
        sentBytes = 0;
    }

    /** Whether one more datagram of this length fits. */
    boolean hasRoom(int length) {
        return count < MOST_DATAGRAMS && length <= ROOM - end;
    }

    /** Where the next datagram is to be written, at {@link #end()}. */
    MutableDirectBuffer buffer() {
        return datagrams;
    }

    int end() {
        return end;
    }

    /**
     * The datagram at {@link #end()} is written.
     *
     * @param length in bytes.
     * @param mark   what the caller wants to know of it again.
     */
    void add(int length, int mark) {
        lengths[count] = length;
        marks[count] = mark;
        count++;
        end += length;
    }

    /** The mark of a datagram, counted from 0. */
    int mark(int datagram) {
        return marks[datagram];
    }

    /** Datagrams in the batch. */
    int count() {
        return count;
    }

    /** Datagrams that the kernel has taken of this batch. */
    int sentDatagrams() {
        return sentDatagrams;
    }

    /** Bytes of these. */
    int sentBytes() {
        return sentBytes;
    }

    /**
     * Sends the batch. What the kernel refuses for good is counted and done with; it stops no other datagram.
     *
     * @param descriptor of the socket.
     * @param name       address of the destination's socket name.
     * @param nameLength length of that name.
     * @return how many datagrams are done with, from the first on; less than {@link #count()} where the kernel has no room now.
     */
    int send(int descriptor, long name, int nameLength) {
        int done = 0;
        int offset = 0;
        while (done < count) {
            int messages = plan(done, offset, name, nameLength);
            int result = kernel.sendmmsg(descriptor, headers.addressOffset(), messages, Posix.MSG_DONTWAIT);
            for (int i = 0; i < result; i++) {
                int bytes = bytes(i);
                sentDatagrams += messageDatagrams[i];
                sentBytes += bytes;
                done += messageDatagrams[i];
                offset += bytes;
            }
            if (result == -Errno.EAGAIN || result == -Errno.ENOBUFS || result == 0) {
                return done;
            }
            if (result == -Errno.EIO && messageDatagrams[0] > 1) {
                segmentationOffload = false;
            } else if (result < 0 && result != -Errno.EINTR) {
                drops.add(result == -Errno.EMSGSIZE ? DropReason.DATAGRAM_TOO_LONG : DropReason.NETWORK_REFUSED, messageDatagrams[0]);
                done += messageDatagrams[0];
                offset += bytes(0);
            }
        }
        return done;
    }

    /** Makes messages of the datagrams from {@code first} on; answers how many. */
    private int plan(int first, int firstOffset, long name, int nameLength) {
        int messages = 0;
        int at = first;
        int offset = firstOffset;
        while (at < count && messages < MOST_MESSAGES) {
            int number = 1;
            int bytes = lengths[at];
            while (segmentationOffload && at + number < count && number < MOST_SEGMENTS
                    && lengths[at + number - 1] == lengths[at] && lengths[at + number] <= lengths[at]
                    && bytes + lengths[at + number] <= MOST_BYTES) {
                bytes += lengths[at + number];
                number++;
            }
            put(messages, name, nameLength, offset, bytes, number > 1 ? lengths[at] : 0);
            messageDatagrams[messages++] = number;
            at += number;
            offset += bytes;
        }
        return messages;
    }

    private void put(int message, long name, int nameLength, int offset, int bytes, int segmentLength) {
        int vector = message * IoVector.LENGTH;
        int control = message * CONTROL_LENGTH;
        boolean cut = segmentLength > 0;
        IoVector.put(vectors, vector, datagrams.addressOffset() + offset, bytes);
        if (cut) {
            ControlMessage.putSegmentLength(controls, control, segmentLength);
        }
        MessageHeader.put(headers, message * MultiMessageHeader.LENGTH, name, nameLength, vectors.addressOffset() + vector, 1,
                cut ? controls.addressOffset() + control : 0, cut ? CONTROL_LENGTH : 0);
    }

    private int bytes(int message) {
        return (int) vectors.getLong(message * IoVector.LENGTH + IoVector.LENGTH_OFFSET);
    }
}
