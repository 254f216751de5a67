package org.pairspan.node.queue;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** IPv4 packets for tests of the queue. */
final class Packets {
    static final int NO_ECN = 0;
    static final int ECN_CAPABLE = 2;

    private Packets() {
    }

    /** A UDP packet of this whole length from one port, with a number as its first payload word. */
    static UnsafeBuffer udp(int sourcePort, int length, int number, int ecn) {
        ByteBuffer packet = ByteBuffer.allocate(length);
        packet.put((byte) 0x45).put((byte) ecn).putShort((short) length).putInt(0).put((byte) 64).put((byte) 17).putShort((short) 0);
        packet.putInt(0x0A010001).putInt(0x0A020001).putShort((short) sourcePort).putShort((short) 53).putInt(0).putInt(number);
        packet.putShort(10, (short) ~sum(packet));
        return new UnsafeBuffer(packet.array());
    }

    /** The one's complement sum over an IPv4 header of 20 bytes; 0xFFFF when its checksum is right. */
    static int sum(ByteBuffer header) {
        int sum = 0;
        for (int i = 0; i < 20; i += 2) {
            sum += header.getShort(i) & 0xFFFF;
        }
        while (sum > 0xFFFF) {
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return sum;
    }
}
