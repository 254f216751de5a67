package org.pairspan.node.classify;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.pairspan.protocol.wire.DropReason;

/**
 * Reads IPv4 (RFC 791) and IPv6 (RFC 8200) headers. Whatever else is asked of a packet, {@link #fault} is asked first; the other
 * methods rely on its answer. {@code offset} is always that of the packet's first octet.
 */
public final class IpPacket {
    static final int IPV4_ADDRESS_LENGTH = 4;
    static final int IPV6_ADDRESS_LENGTH = 16;

    private static final int IPV4_HEADER_LENGTH = 20;
    private static final int IPV4_TOTAL_LENGTH_OFFSET = 2;
    private static final int IPV4_SOURCE_OFFSET = 12;
    private static final int IPV4_DESTINATION_OFFSET = 16;
    private static final int IPV4_FIRST_MULTICAST_OCTET = 224;
    private static final int IPV4_LAST_MULTICAST_OCTET = 239;
    private static final int IPV4_LIMITED_BROADCAST = 0xFFFFFFFF;

    private static final int IPV6_HEADER_LENGTH = 40;
    private static final int IPV6_PAYLOAD_LENGTH_OFFSET = 4;
    private static final int IPV6_SOURCE_OFFSET = 8;
    private static final int IPV6_DESTINATION_OFFSET = 24;
    private static final int IPV6_MULTICAST_OCTET = 0xFF;

    private IpPacket() {
    }

    /**
     * What keeps these octets from being an IP packet, or null when they are one: its headers lie within {@code length}, and so does
     * all that its own length field promises.
     */
    public static DropReason fault(DirectBuffer buffer, int offset, int length) {
        if (length < 1) {
            return DropReason.NOT_IP;
        }
        return switch ((buffer.getByte(offset) & 0xF0) >>> 4) {
            case 4 -> ipv4Fault(buffer, offset, length);
            case 6 -> ipv6Fault(buffer, offset, length);
            default -> DropReason.NOT_IP;
        };
    }

    /** Whether the version field says 4; a packet without fault is IPv6 otherwise. */
    public static boolean isIpv4(DirectBuffer buffer, int offset) {
        return (buffer.getByte(offset) & 0xF0) == 0x40;
    }

    /** Whether the destination is a multicast group of either family, or IPv4's limited broadcast. */
    public static boolean isMulticast(DirectBuffer buffer, int offset) {
        if (isIpv4(buffer, offset)) {
            int first = buffer.getByte(offset + IPV4_DESTINATION_OFFSET) & 0xFF;
            return first >= IPV4_FIRST_MULTICAST_OCTET && first <= IPV4_LAST_MULTICAST_OCTET
                || buffer.getInt(offset + IPV4_DESTINATION_OFFSET) == IPV4_LIMITED_BROADCAST;
        }
        return (buffer.getByte(offset + IPV6_DESTINATION_OFFSET) & 0xFF) == IPV6_MULTICAST_OCTET;
    }

    /** The source address, 4 or 16 octets; a new array, so not for every packet. */
    public static byte[] source(DirectBuffer buffer, int offset) {
        return address(buffer, sourceOffset(buffer, offset), isIpv4(buffer, offset));
    }

    /** The destination address, 4 or 16 octets; a new array, so not for every packet. */
    public static byte[] destination(DirectBuffer buffer, int offset) {
        return address(buffer, destinationOffset(buffer, offset), isIpv4(buffer, offset));
    }

    /** Where the source address begins. */
    public static int sourceOffset(DirectBuffer buffer, int offset) {
        return offset + (isIpv4(buffer, offset) ? IPV4_SOURCE_OFFSET : IPV6_SOURCE_OFFSET);
    }

    /** Where the destination address begins. */
    public static int destinationOffset(DirectBuffer buffer, int offset) {
        return offset + (isIpv4(buffer, offset) ? IPV4_DESTINATION_OFFSET : IPV6_DESTINATION_OFFSET);
    }

    private static DropReason ipv4Fault(DirectBuffer buffer, int offset, int length) {
        int headerLength = (buffer.getByte(offset) & 0x0F) * Integer.BYTES;
        if (headerLength < IPV4_HEADER_LENGTH) {
            return DropReason.NOT_IP;
        }
        if (length < headerLength) {
            return DropReason.TRUNCATED;
        }
        int total = unsignedShort(buffer, offset + IPV4_TOTAL_LENGTH_OFFSET);
        if (total < headerLength) {
            return DropReason.NOT_IP;
        }
        return total > length ? DropReason.TRUNCATED : null;
    }

    private static DropReason ipv6Fault(DirectBuffer buffer, int offset, int length) {
        if (length < IPV6_HEADER_LENGTH) {
            return DropReason.TRUNCATED;
        }
        int payload = unsignedShort(buffer, offset + IPV6_PAYLOAD_LENGTH_OFFSET);
        return IPV6_HEADER_LENGTH + payload > length ? DropReason.TRUNCATED : null;
    }

    private static byte[] address(DirectBuffer buffer, int offset, boolean ipv4) {
        byte[] address = new byte[ipv4 ? IPV4_ADDRESS_LENGTH : IPV6_ADDRESS_LENGTH];
        buffer.getBytes(offset, address);
        return address;
    }

    private static int unsignedShort(DirectBuffer buffer, int index) {
        return buffer.getShort(index, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }
}
