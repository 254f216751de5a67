package org.pairspan.node.bearer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Assertions;
import org.pairspan.node.posix.ControlMessage;
import org.pairspan.node.posix.IoVector;
import org.pairspan.node.posix.MessageHeader;
import org.pairspan.node.posix.MultiMessageHeader;
import org.pairspan.node.posix.Posix;

/** Takes messages as {@code sendmmsg} does, cuts them up as UDP segmentation offload does, and answers what a test wants. */
final class FakeKernel implements SendBatch.Kernel {
    static final int DESCRIPTOR = 33;
    static final long NAME = 0x1000;
    static final int NAME_LENGTH = 16;

    /** What the next calls answer: a number of messages taken, or a negated error number. All is taken once it is empty. */
    final Deque<Integer> results = new ArrayDeque<>();
    /** "segment length x datagrams" of each message taken. */
    final List<String> messages = new ArrayList<>();
    final List<byte[]> datagrams = new ArrayList<>();
    int calls;

    @Override
    public int sendmmsg(int descriptor, long multiMessageHeaders, int count, int flags) {
        calls++;
        Assertions.assertEquals(DESCRIPTOR, descriptor);
        Assertions.assertEquals(Posix.MSG_DONTWAIT, flags);
        int result = results.isEmpty() ? count : Math.min(results.remove(), count);
        for (int i = 0; i < result; i++) {
            take(new UnsafeBuffer(multiMessageHeaders + (long) i * MultiMessageHeader.LENGTH, MultiMessageHeader.LENGTH));
        }
        return result;
    }

    private void take(UnsafeBuffer header) {
        UnsafeBuffer vector = new UnsafeBuffer(header.getLong(MessageHeader.VECTORS_OFFSET), IoVector.LENGTH);
        int length = (int) vector.getLong(IoVector.LENGTH_OFFSET);
        UnsafeBuffer bytes = new UnsafeBuffer(vector.getLong(IoVector.BASE_OFFSET), length);
        int segment = segmentLength(header, length);
        int number = 0;
        for (int at = 0; at < length; at += segment) {
            byte[] datagram = new byte[Math.min(segment, length - at)];
            bytes.getBytes(at, datagram);
            datagrams.add(datagram);
            number++;
        }
        Assertions.assertTrue(number <= 64 && length <= 65_507, () -> "a message the kernel would refuse: " + length);
        messages.add(segment + "x" + number);
    }

    private static int segmentLength(UnsafeBuffer header, int length) {
        int controlLength = (int) header.getLong(MessageHeader.CONTROL_LENGTH_OFFSET);
        if (controlLength == 0) {
            return length;
        }
        UnsafeBuffer control = new UnsafeBuffer(header.getLong(MessageHeader.CONTROL_OFFSET), controlLength);
        return control.getShort(ControlMessage.DATA_OFFSET) & 0xFFFF;
    }
}
