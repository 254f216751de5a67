package org.pairspan.multijvm.swarm;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A UDP packet over IPv4 to an echo, with a number in front of its payload. */
final class EchoPacket {

    private static final int IP_HEADER = 20;
    private static final int HEADERS = IP_HEADER + 8;
    private static final int OWN_PORT = 40_000;
    private static final byte UDP = 17;

    private final UnsafeBuffer bytes;
    private final int port;

    EchoPacket(byte[] source, byte[] destination, int port, int payload) {
        final int length = HEADERS + payload;
        this.port = port;
        this.bytes = new UnsafeBuffer(ByteBuffer.allocateDirect(length));
        bytes.putByte(0, (byte) 0x45);
        putShort(2, length);
        bytes.putByte(8, (byte) 64);
        bytes.putByte(9, UDP);
        bytes.putBytes(12, source);
        bytes.putBytes(16, destination);
        putShort(10, headerChecksum());
        putShort(IP_HEADER, OWN_PORT);
        putShort(IP_HEADER + 2, port);
        putShort(IP_HEADER + 4, 8 + payload);
    }

    DirectBuffer bytes() {
        return bytes;
    }

    int length() {
        return bytes.capacity();
    }

    /** Its UDP checksum is 0, which says that there is none (RFC 768). */
    void number(int number) {
        bytes.putInt(HEADERS, number);
    }

    /** Whether a packet is one of these on its way back. */
    boolean isAnswer(DirectBuffer buffer, int offset, int length) {
        return length == bytes.capacity() && buffer.getByte(offset + 9) == UDP
            && buffer.getInt(offset + 16) == bytes.getInt(12) && (buffer.getShort(offset + IP_HEADER, ByteOrder.BIG_ENDIAN) & 0xFFFF) == port;
    }

    private int headerChecksum() {
        int sum = 0;
        for (int at = 0; at < IP_HEADER; at += 2) {
            sum += bytes.getShort(at, ByteOrder.BIG_ENDIAN) & 0xFFFF;
        }
        sum = (sum & 0xFFFF) + (sum >>> 16);
        return ~(sum + (sum >>> 16));
    }

    private void putShort(int at, int value) {
        bytes.putShort(at, (short) value, ByteOrder.BIG_ENDIAN);
    }
}
