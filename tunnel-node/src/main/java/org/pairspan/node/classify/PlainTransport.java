package org.pairspan.node.classify;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Knows the packets whose TCP (RFC 9293) or UDP (RFC 768) header is plainly to be seen: no fragment, no IPv6 extension header, no
 * IPv4 source route (the checksum of such a packet covers another address than the header has), and lengths that agree to the
 * octet. Only these may lack their checksum between two nodes, be cut into segments and be gathered again. {@code offset} is always
 * that of the IP packet's first octet.
 */
public final class PlainTransport {
    /** Protocol number of TCP (IANA). */
    public static final int TCP = 6;
    /** Protocol number of UDP (IANA). */
    public static final int UDP = 17;
    /** Bytes (RFC 768). */
    public static final int UDP_HEADER_LENGTH = 8;

    private static final int IPV4_HEADER_LENGTH = 20;
    private static final int IPV4_TOTAL_LENGTH_OFFSET = 2;
    private static final int IPV4_FRAGMENT_OFFSET = 6;
    /** More fragments, and the fragment offset (RFC 791, section 3.1). */
    private static final int IPV4_FRAGMENT_MASK = 0x3FFF;
    private static final int IPV4_PROTOCOL_OFFSET = 9;
    private static final int OPTION_END = 0;
    private static final int OPTION_NONE = 1;
    private static final int OPTION_LOOSE_SOURCE_ROUTE = 131;
    private static final int OPTION_STRICT_SOURCE_ROUTE = 137;

    private static final int IPV6_HEADER_LENGTH = 40;
    private static final int IPV6_PAYLOAD_LENGTH_OFFSET = 4;
    private static final int IPV6_NEXT_HEADER_OFFSET = 6;

    private static final int TCP_HEADER_LENGTH = 20;
    private static final int TCP_DATA_OFFSET_OFFSET = 12;
    private static final int UDP_LENGTH_OFFSET = 4;

    private PlainTransport() {
    }

    /**
     * Length of the IP header, where plain TCP or UDP is behind it and lies within the packet with all its header; otherwise 0.
     * Nothing outside {@code length} octets is read, whatever they are.
     */
    public static int ipHeaderLength(DirectBuffer packet, int offset, int length) {
        int header = switch (length < 1 ? 0 : (packet.getByte(offset) & 0xF0) >>> 4) {
            case 4 -> ipv4HeaderLength(packet, offset, length);
            case 6 -> ipv6HeaderLength(packet, offset, length);
            default -> 0;
        };
        return header > 0 && holdsTransport(packet, offset + header, length - header, protocol(packet, offset)) ? header : 0;
    }

    /** {@link #TCP} or {@link #UDP}; only of a packet that {@link #ipHeaderLength} knows. */
    public static int protocol(DirectBuffer packet, int offset) {
        return packet.getByte(offset + (IpPacket.isIpv4(packet, offset) ? IPV4_PROTOCOL_OFFSET : IPV6_NEXT_HEADER_OFFSET)) & 0xFF;
    }

    /** Length of the TCP header at {@code tcpOffset}, options included; 20..60 in a packet that {@link #ipHeaderLength} knows. */
    public static int tcpHeaderLength(DirectBuffer packet, int tcpOffset) {
        return ((packet.getByte(tcpOffset + TCP_DATA_OFFSET_OFFSET) & 0xF0) >>> 4) * Integer.BYTES;
    }

    private static int ipv4HeaderLength(DirectBuffer packet, int offset, int length) {
        int header = (packet.getByte(offset) & 0x0F) * Integer.BYTES;
        boolean whole = header >= IPV4_HEADER_LENGTH && header <= length
            && unsignedShort(packet, offset + IPV4_TOTAL_LENGTH_OFFSET) == length
            && (unsignedShort(packet, offset + IPV4_FRAGMENT_OFFSET) & IPV4_FRAGMENT_MASK) == 0;
        return whole && (header == IPV4_HEADER_LENGTH || isRoutedByDestination(packet, offset, header)) ? header : 0;
    }

    /** Whether no option leads the packet over other hosts than its destination; false also where the options are malformed. */
    private static boolean isRoutedByDestination(DirectBuffer packet, int offset, int header) {
        int at = offset + IPV4_HEADER_LENGTH;
        int end = offset + header;
        while (at < end) {
            int option = packet.getByte(at) & 0xFF;
            if (option == OPTION_END) {
                return true;
            }
            if (option == OPTION_LOOSE_SOURCE_ROUTE || option == OPTION_STRICT_SOURCE_ROUTE) {
                return false;
            }
            int optionLength = option == OPTION_NONE ? 1 : at + 1 < end ? packet.getByte(at + 1) & 0xFF : 0;
            if (optionLength == 0 || optionLength == 1 && option != OPTION_NONE || optionLength > end - at) {
                return false;
            }
            at += optionLength;
        }
        return true;
    }

    private static int ipv6HeaderLength(DirectBuffer packet, int offset, int length) {
        return length >= IPV6_HEADER_LENGTH
            && unsignedShort(packet, offset + IPV6_PAYLOAD_LENGTH_OFFSET) == length - IPV6_HEADER_LENGTH ? IPV6_HEADER_LENGTH : 0;
    }

    private static boolean holdsTransport(DirectBuffer packet, int offset, int length, int protocol) {
        if (protocol == TCP && length >= TCP_HEADER_LENGTH) {
            int header = tcpHeaderLength(packet, offset);
            return header >= TCP_HEADER_LENGTH && header <= length;
        }
        return protocol == UDP && length >= UDP_HEADER_LENGTH && unsignedShort(packet, offset + UDP_LENGTH_OFFSET) == length;
    }

    private static int unsignedShort(DirectBuffer buffer, int index) {
        return buffer.getShort(index, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }
}
