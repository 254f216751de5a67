package org.pairspan.node.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class PosixTest {
    private static final int SEGMENT = 500;

    @Test
    void aFailedCallAnswersItsErrorNumberNegated() {
        assertEquals(-Errno.ENOENT, Posix.open("/nonexistent/device", Posix.O_RDWR));
        assertEquals(-Errno.EBADF, Posix.close(-1));
        assertEquals(-Errno.EBADF, Posix.read(-1, 0, 0));
        assertEquals(-Errno.EBADF, Posix.write(-1, 0, 0));
        assertEquals(-Errno.EBADF, Posix.ioctl(-1, 0, 0));
        assertEquals(-Errno.EBADF, Posix.sendmsg(-1, 0, 0));
        assertEquals(-Errno.EBADF, SocketOptions.get(-1, SocketOptions.SOL_SOCKET, SocketOptions.SO_RCVBUF));
    }

    @Test
    void anErrorNumberHasWords() {
        assertEquals("No such file or directory (errno 2)", Posix.message(Errno.ENOENT));
        assertEquals(Posix.message(Errno.EPERM), Posix.message(-Errno.EPERM));
    }

    @Test
    void whatIsReadFromTheZeroDeviceIsZeroes() {
        int descriptor = Posix.open("/dev/zero", Posix.O_RDWR | Posix.O_CLOEXEC);
        assertTrue(descriptor >= 0);
        UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(64));
        buffer.setMemory(0, 64, (byte) 7);
        assertEquals(64, Posix.read(descriptor, buffer.addressOffset(), 64));
        assertEquals(0, buffer.getLong(56));
        assertEquals(64, Posix.write(descriptor, buffer.addressOffset(), 64));
        assertEquals(0, Posix.close(descriptor));
    }

    @Test
    void oneSendIsCutIntoDatagramsAndGatheredInOneReceipt() throws IOException {
        try (DatagramChannel sender = DatagramChannel.open(StandardProtocolFamily.INET);
             DatagramChannel receiver = DatagramChannel.open(StandardProtocolFamily.INET)) {
            receiver.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).configureBlocking(false);
            int in = ChannelDescriptor.of(receiver);
            assertEquals(0, SocketOptions.set(in, SocketOptions.SOL_UDP, SocketOptions.UDP_GRO, 1));

            UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(8192));
            int vector = 128;
            int control = 160;
            int name = 256;
            int data = 1024;
            memory.setMemory(data, 3 * SEGMENT + 100, (byte) 9);
            int nameLength = SocketName.put(memory, name, (InetSocketAddress) receiver.getLocalAddress());
            IoVector.put(memory, vector, memory.addressOffset() + data, 3 * SEGMENT + 100);
            ControlMessage.putSegmentLength(memory, control, SEGMENT);
            MessageHeader.put(memory, 0, memory.addressOffset() + name, nameLength, memory.addressOffset() + vector, 1,
                memory.addressOffset() + control, ControlMessage.space(Short.BYTES));
            assertEquals(3 * SEGMENT + 100, Posix.sendmsg(ChannelDescriptor.of(sender), memory.addressOffset(), 0));

            PollDescriptor.put(memory, 512, in, PollDescriptor.POLLIN);
            assertEquals(1, Posix.poll(memory.addressOffset() + 512, 1, 5_000));
            memory.setMemory(0, 512, (byte) 0);
            IoVector.put(memory, vector, memory.addressOffset() + data, 4096);
            MessageHeader.put(memory, 0, memory.addressOffset() + name, SocketName.LONGEST, memory.addressOffset() + vector, 1,
                memory.addressOffset() + control, ControlMessage.space(Integer.BYTES));
            assertEquals(1, Posix.recvmmsg(in, memory.addressOffset(), 1, Posix.MSG_DONTWAIT));
            assertEquals(3 * SEGMENT + 100, memory.getInt(MultiMessageHeader.OCTETS_OFFSET));
            int controlLength = (int) memory.getLong(MessageHeader.CONTROL_LENGTH_OFFSET);
            assertEquals(SEGMENT, ControlMessage.gatheredLength(memory, control, controlLength));
            InetSocketAddress from = SocketName.get(memory, name, memory.getInt(MessageHeader.NAME_LENGTH_OFFSET));
            assertEquals(InetAddress.getLoopbackAddress(), from.getAddress());
            assertEquals(-Errno.EAGAIN, Posix.recvmmsg(in, memory.addressOffset(), 1, Posix.MSG_DONTWAIT));
        }
    }

    @Test
    void aReceiveBufferIsGrantedAndReadBack() throws IOException {
        try (DatagramChannel channel = DatagramChannel.open()) {
            int descriptor = ChannelDescriptor.of(channel);
            assertTrue(SocketOptions.receiveBuffer(descriptor, 65_536) >= 65_536);
            assertTrue(SocketOptions.sendBuffer(descriptor, 65_536) >= 65_536);
        }
    }

    @Test
    void addressesOfBothFamiliesAreReadAsTheyWereWritten() throws IOException {
        UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(64));
        InetSocketAddress four = new InetSocketAddress(InetAddress.getByName("192.0.2.7"), 40_001);
        InetSocketAddress six = new InetSocketAddress(InetAddress.getByName("2001:db8::7"), 65_535);
        assertEquals(four, SocketName.get(buffer, 0, SocketName.put(buffer, 0, four)));
        assertEquals(six, SocketName.get(buffer, 0, SocketName.put(buffer, 0, six)));
        assertEquals(SocketName.IPV6_LENGTH, SocketName.put(buffer, 0, four, SocketName.AF_INET6));
        assertEquals(four, SocketName.get(buffer, 0, SocketName.IPV6_LENGTH));
    }
}
