package org.pairspan.node.offload;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.pairspan.node.classify.IpPacket;
import org.pairspan.node.classify.PlainTransport;

/**
 * The Internet checksum (RFC 1071) of IPv4 headers, TCP and UDP. A <em>sum</em> here is the one's complement sum of 16-bit words,
 * 0..0xFFFF; a <em>checksum</em> is its complement, as it stands in a packet that lacks nothing. A checksum field that is
 * <em>incomplete</em> holds the sum of the pseudo-header, as Linux leaves it to the network card (CHECKSUM_PARTIAL).
 */
public final class Checksums {
    static final int TCP_OFFSET = 16;
    static final int UDP_OFFSET = 6;
    static final int IPV4_OFFSET = 10;

    private static final int IPV4_ADDRESSES_OFFSET = 12;
    private static final int IPV6_ADDRESSES_OFFSET = 8;
    private static final int UNROLLED = 4 * Long.BYTES;
    private static final long INT_MASK = 0xFFFF_FFFFL;

    private Checksums() {
    }

    /** Whether this is plain TCP or UDP ({@link PlainTransport}): the packets whose checksum may be left incomplete. */
    public static boolean isPlain(DirectBuffer packet, int offset, int length) {
        return PlainTransport.ipHeaderLength(packet, offset, length) > 0;
    }

    /** The sum of {@code length} octets, 0..0xFFFF; an odd last octet counts as the first of a pair. */
    public static int sum(DirectBuffer buffer, int offset, int length) {
        // Words are added in the machine's order, eight octets at a time, and the result is turned round once (RFC 1071, 2 (B)).
        long low = 0;
        long high = 0;
        int at = offset;
        int end = offset + length;
        while (end - at >= UNROLLED) {
            long a = buffer.getLong(at, ByteOrder.LITTLE_ENDIAN);
            long b = buffer.getLong(at + 8, ByteOrder.LITTLE_ENDIAN);
            long c = buffer.getLong(at + 16, ByteOrder.LITTLE_ENDIAN);
            long d = buffer.getLong(at + 24, ByteOrder.LITTLE_ENDIAN);
            low += (a & INT_MASK) + (b & INT_MASK) + (c & INT_MASK) + (d & INT_MASK);
            high += (a >>> 32) + (b >>> 32) + (c >>> 32) + (d >>> 32);
            at += UNROLLED;
        }
        long sum = low + high;
        while (end - at >= Integer.BYTES) {
            sum += buffer.getInt(at, ByteOrder.LITTLE_ENDIAN) & INT_MASK;
            at += Integer.BYTES;
        }
        if (end - at >= Short.BYTES) {
            sum += buffer.getShort(at, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
            at += Short.BYTES;
        }
        if (end > at) {
            sum += buffer.getByte(at) & 0xFF;
        }
        return Short.reverseBytes((short) fold(sum)) & 0xFFFF;
    }

    /** The sum of two sums. */
    public static int add(int one, int other) {
        int sum = one + other;
        return (sum & 0xFFFF) + (sum >>> 16);
    }

    /**
     * The sum of the pseudo-header (RFC 9293, section 3.1; RFC 8200, section 8.1).
     *
     * @param transportLength octets of the TCP segment or UDP datagram, its header included
     */
    public static int pseudoHeader(DirectBuffer packet, int offset, int protocol, int transportLength) {
        return add(addresses(packet, offset), add(protocol, transportLength));
    }

    /** The sum of both addresses of a packet. */
    static int addresses(DirectBuffer packet, int offset) {
        return IpPacket.isIpv4(packet, offset)
            ? sum(packet, offset + IPV4_ADDRESSES_OFFSET, 2 * Integer.BYTES)
            : sum(packet, offset + IPV6_ADDRESSES_OFFSET, 4 * Long.BYTES);
    }

    /**
     * Completes the checksum of any packet, as the device's offload header says where it is. A result of 0 is stored as 0xFFFF,
     * which means the same and which UDP demands (RFC 768).
     *
     * @param start where the summed octets begin, counted from the packet's first
     * @param field where the checksum is, counted from {@code start}
     * @return false, and nothing changed, when the field does not lie within the packet
     */
    public static boolean complete(MutableDirectBuffer packet, int offset, int length, int start, int field) {
        if (start < 0 || field < 0 || start > length || field > length - start - Short.BYTES) {
            return false;
        }
        int checksum = ~sum(packet, offset + start, length - start) & 0xFFFF;
        putUnsigned(packet, offset + start + field, checksum == 0 ? 0xFFFF : checksum);
        return true;
    }

    /** Completes the checksum of a plain packet; false, and nothing changed, when it is none. */
    public static boolean complete(MutableDirectBuffer packet, int offset, int length) {
        int ipHeader = PlainTransport.ipHeaderLength(packet, offset, length);
        return ipHeader > 0 && complete(packet, offset, length, ipHeader, fieldOffset(packet, offset));
    }

    /** Whether the checksum of a plain packet is complete and right; also when it is UDP over IPv4 that has none. */
    public static boolean isRight(DirectBuffer packet, int offset, int length) {
        int ipHeader = PlainTransport.ipHeaderLength(packet, offset, length);
        if (ipHeader == 0) {
            return false;
        }
        int protocol = PlainTransport.protocol(packet, offset);
        if (protocol == PlainTransport.UDP && unsigned(packet, offset + ipHeader + UDP_OFFSET) == 0) {
            return IpPacket.isIpv4(packet, offset);
        }
        int transport = length - ipHeader;
        return add(pseudoHeader(packet, offset, protocol, transport), sum(packet, offset + ipHeader, transport)) == 0xFFFF;
    }

    /** The checksum after one 16-bit word under it has changed (RFC 1624, equation 3). */
    public static int update(int checksum, int oldWord, int newWord) {
        return ~add(add(~checksum & 0xFFFF, ~oldWord & 0xFFFF), newWord) & 0xFFFF;
    }

    /** Where the checksum of a plain packet lies, counted from its TCP or UDP header. */
    static int fieldOffset(DirectBuffer packet, int offset) {
        return PlainTransport.protocol(packet, offset) == PlainTransport.TCP ? TCP_OFFSET : UDP_OFFSET;
    }

    static int unsigned(DirectBuffer buffer, int index) {
        return buffer.getShort(index, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    static void putUnsigned(MutableDirectBuffer buffer, int index, int value) {
        buffer.putShort(index, (short) value, ByteOrder.BIG_ENDIAN);
    }

    private static int fold(long sum) {
        long folded = (sum & INT_MASK) + (sum >>> 32);
        folded = (folded & 0xFFFF) + (folded >>> 16);
        folded = (folded & 0xFFFF) + (folded >>> 16);
        folded = (folded & 0xFFFF) + (folded >>> 16);
        return (int) folded;
    }
}
