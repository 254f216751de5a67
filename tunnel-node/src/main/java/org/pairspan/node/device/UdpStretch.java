package org.pairspan.node.device;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * UDP datagrams of one flow that the kernel gave in one frame ({@link OffloadHeader#TYPE_UDP_SEGMENTS}), taken out one by one as
 * if they had come so: each with IP and UDP header, its own lengths, its IPv4 identification counted on, and its UDP checksum
 * still to be completed. Without this the kernel would queue and give each by itself. One thread.
 */
final class UdpStretch {
    private static final int UDP_HEADER = 8;
    private static final int UDP_LENGTH = 4;
    private static final int UDP_CHECKSUM = 6;
    private static final int IP = OffloadHeader.LENGTH;
    private static final int IPV4_TOTAL_LENGTH = 2;
    private static final int IPV4_IDENTIFICATION = 4;
    private static final int IPV4_CHECKSUM = 10;
    private static final int IPV6_PAYLOAD_LENGTH = 4;

    private final UnsafeBuffer frame = new UnsafeBuffer(ByteBuffer.allocateDirect(PacketDevice.LONGEST_READ));
    private int length;
    private int transport;
    private int size;
    private int taken;
    private int index;

    /** Copies a frame of that type, unless it contradicts itself; what is left of the one before is gone. */
    boolean begin(DirectBuffer buffer, int offset, int frameLength) {
        transport = IP + OffloadHeader.checksumStart(buffer, offset);
        size = OffloadHeader.segmentSize(buffer, offset);
        taken = transport + UDP_HEADER;
        index = 0;
        length = size == 0 || taken >= frameLength || frameLength > frame.capacity() ? 0 : frameLength;
        frame.putBytes(0, buffer, offset, length);
        return length > 0;
    }

    /** Writes the next datagram behind its offload header; its length with that, or 0 when all have been taken. */
    int next(MutableDirectBuffer out, int offset) {
        if (taken >= length) {
            return 0;
        }
        int piece = Math.min(size, length - taken);
        int headers = transport + UDP_HEADER;
        out.putBytes(offset, frame, 0, headers);
        out.putBytes(offset + headers, frame, taken, piece);
        OffloadHeader.put(out, offset, OffloadHeader.NEEDS_CHECKSUM, OffloadHeader.TYPE_NONE, 0, 0, transport - IP, UDP_CHECKSUM);
        int missing = length - headers - piece;
        int ip = offset + IP;
        if ((frame.getByte(IP) & 0xF0) == 0x40) {
            int checksum = ~get(out, ip + IPV4_CHECKSUM) & 0xFFFF;
            checksum = replaced(checksum, get(out, ip + IPV4_TOTAL_LENGTH), get(out, ip + IPV4_TOTAL_LENGTH) - missing);
            checksum = replaced(checksum, get(out, ip + IPV4_IDENTIFICATION), get(out, ip + IPV4_IDENTIFICATION) + index & 0xFFFF);
            put(out, ip + IPV4_TOTAL_LENGTH, get(out, ip + IPV4_TOTAL_LENGTH) - missing);
            put(out, ip + IPV4_IDENTIFICATION, get(out, ip + IPV4_IDENTIFICATION) + index);
            put(out, ip + IPV4_CHECKSUM, ~checksum);
        } else {
            put(out, ip + IPV6_PAYLOAD_LENGTH, get(out, ip + IPV6_PAYLOAD_LENGTH) - missing);
        }
        int udp = offset + transport;
        put(out, udp + UDP_CHECKSUM,
            replaced(get(out, udp + UDP_CHECKSUM), get(out, udp + UDP_LENGTH), UDP_HEADER + piece));
        put(out, udp + UDP_LENGTH, UDP_HEADER + piece);
        taken += piece;
        index++;
        return headers + piece;
    }

    /** The one's complement sum after one word of it has changed (RFC 1624). */
    private static int replaced(int sum, int oldWord, int newWord) {
        int changed = sum + (~oldWord & 0xFFFF) + newWord;
        changed = (changed & 0xFFFF) + (changed >>> 16);
        return (changed & 0xFFFF) + (changed >>> 16);
    }

    private static int get(DirectBuffer buffer, int index) {
        return buffer.getShort(index, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    private static void put(MutableDirectBuffer buffer, int index, int value) {
        buffer.putShort(index, (short) value, ByteOrder.BIG_ENDIAN);
    }
}
