package org.pairspan.node.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class PacketCallsTest {
    private static final int CALLS = 20_000;
    private static final UnsafeBuffer BUFFER = new UnsafeBuffer(ByteBuffer.allocateDirect(4096));
    private static final long ADDRESS = BUFFER.addressOffset();

    @Test
    void aFailedCallAnswersItsErrorNumberNegated() {
        assertEquals(-Errno.EBADF, PacketCalls.read(-1, ADDRESS, 1));
        assertEquals(-Errno.EBADF, PacketCalls.write(-1, ADDRESS, 1));
        assertEquals(-Errno.EBADF, PacketCalls.writev(-1, ADDRESS, 1));
        assertEquals(-Errno.EBADF, PacketCalls.sendmmsg(-1, ADDRESS, 1, 0));
        assertEquals(-Errno.EBADF, PacketCalls.recvmmsg(-1, ADDRESS, 1, 0));
        assertEquals(-Errno.EFAULT, PacketCalls.ppoll(8, 1, ADDRESS));
    }

    @Test
    void whatWouldBlockSaysSo() throws IOException {
        try (DatagramChannel channel = DatagramChannel.open()) {
            channel.configureBlocking(false);
            int descriptor = ChannelDescriptor.of(channel);
            assertEquals(-Errno.EAGAIN, PacketCalls.read(descriptor, ADDRESS, 1));
            assertEquals(-Errno.EAGAIN, PacketCalls.recvmmsg(descriptor, ADDRESS, 1, Posix.MSG_DONTWAIT));
        }
    }

    @Test
    void octetsAreReadAndWritten() {
        int descriptor = Posix.open("/dev/zero", Posix.O_RDWR | Posix.O_CLOEXEC);
        assertTrue(descriptor >= 0);
        BUFFER.setMemory(0, 64, (byte) 7);
        assertEquals(64, PacketCalls.read(descriptor, ADDRESS, 64));
        assertEquals(0, BUFFER.getLong(56));
        IoVector.put(BUFFER, 1024, ADDRESS, 64);
        assertEquals(64, PacketCalls.writev(descriptor, ADDRESS + 1024, 1));
        assertEquals(64, PacketCalls.write(descriptor, ADDRESS, 64));
        assertEquals(0, Posix.close(descriptor));
    }

    /** Also before any compiler has looked at them: the interpreter's own first steps are over after some hundred calls. */
    @Test
    void theyAllocateNothing() {
        int descriptor = Posix.open("/dev/zero", Posix.O_RDWR | Posix.O_CLOEXEC);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        readAndFail(descriptor, CALLS);
        long before = threads.getCurrentThreadAllocatedBytes();
        readAndFail(descriptor, CALLS);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        Posix.close(descriptor);
        assertTrue(allocated < CALLS, allocated + " bytes for " + 2 * CALLS + " calls");
    }

    private static void readAndFail(int descriptor, int calls) {
        for (int i = 0; i < calls; i++) {
            PacketCalls.read(descriptor, ADDRESS, 8);
            PacketCalls.write(descriptor, ADDRESS, 8);
        }
    }
}
