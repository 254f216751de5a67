package org.pairspan.node.queue;

import java.nio.ByteOrder;
import org.agrona.MutableDirectBuffer;

/** Tells the ends of a flow of congestion without a loss: the ECN field of an IP packet (RFC 3168, section 5). */
final class CongestionMark {
    private static final int EXPERIENCED = 0b11;
    private static final int IPV4_CHECKSUM = 10;

    private CongestionMark() {
    }

    /**
     * Marks a packet whose flow understands the mark.
     *
     * @return false where the flow does not; the packet is as it was.
     */
    static boolean set(MutableDirectBuffer packet, int offset) {
        int first = packet.getShort(offset, ByteOrder.BIG_ENDIAN) & 0xFFFF;
        boolean ipv4 = first >>> 12 == 4;
        int shift = ipv4 ? 0 : 4;
        if ((first >>> shift & EXPERIENCED) == 0) {
            return false;
        }
        int marked = first | EXPERIENCED << shift;
        packet.putShort(offset, (short) marked, ByteOrder.BIG_ENDIAN);
        if (ipv4) {
            updateChecksum(packet, offset + IPV4_CHECKSUM, first, marked);
        }
        return true;
    }

    /** RFC 1624, equation 3. */
    private static void updateChecksum(MutableDirectBuffer packet, int index, int before, int after) {
        int checksum = packet.getShort(index, ByteOrder.BIG_ENDIAN) & 0xFFFF;
        int sum = (~checksum & 0xFFFF) + (~before & 0xFFFF) + after;
        sum = (sum & 0xFFFF) + (sum >>> 16);
        sum = (sum & 0xFFFF) + (sum >>> 16);
        packet.putShort(index, (short) ~sum, ByteOrder.BIG_ENDIAN);
    }
}
