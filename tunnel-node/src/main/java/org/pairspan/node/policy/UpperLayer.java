package org.pairspan.node.policy;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.pairspan.node.classify.IpPacket;

/**
 * What a packet carries above IP: the protocol, and where they can be known the ports (RFC 4301 section 4.4.1.1). All in one
 * {@code long}, so that reading allocates nothing:
 *
 * <pre>
 *  63         41 40 39       32 31             16 15              0
 * |      0     |P|  protocol  |   source port    | destination port |    P: the ports are known
 * </pre>
 *
 * IPv6 extension headers (RFC 8200 section 4) are passed over, all but the authentication header, which is a protocol of its own here.
 */
final class UpperLayer {
    /** The protocol can't be read. */
    static final long UNREADABLE = -1;

    private static final long PORTS_KNOWN = 1L << 40;
    private static final int PORTS_LENGTH = 4;

    private static final int IPV4_TOTAL_LENGTH_OFFSET = 2;
    private static final int IPV4_FRAGMENT_OFFSET = 6;
    private static final int IPV4_FRAGMENT_OFFSET_BITS = 0x1FFF;
    private static final int IPV4_PROTOCOL_OFFSET = 9;

    private static final int IPV6_PAYLOAD_LENGTH_OFFSET = 4;
    private static final int IPV6_NEXT_HEADER_OFFSET = 6;
    private static final int IPV6_HEADER_LENGTH = 40;
    private static final int EXTENSION_UNIT = 8;
    private static final int FRAGMENT_OFFSET_BITS = 0xFFF8;
    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int DESTINATION_OPTIONS = 60;
    /** No host sends more; each costs time. */
    private static final int MOST_EXTENSIONS = 8;

    private UpperLayer() {
    }

    /** Reads it from a packet in which {@link IpPacket#fault} found nothing wrong; {@link #UNREADABLE} where that is so. */
    static long read(DirectBuffer buffer, int offset, int length) {
        return IpPacket.isIpv4(buffer, offset) ? ipv4(buffer, offset, length) : ipv6(buffer, offset, length);
    }

    static int protocol(long upper) {
        return (int) (upper >>> Integer.SIZE) & 0xFF;
    }

    static boolean hasPorts(long upper) {
        return (upper & PORTS_KNOWN) != 0;
    }

    static int sourcePort(long upper) {
        return (int) (upper >>> Short.SIZE) & 0xFFFF;
    }

    static int destinationPort(long upper) {
        return (int) upper & 0xFFFF;
    }

    private static long ipv4(DirectBuffer buffer, int offset, int length) {
        int end = offset + Math.min(length, unsignedShort(buffer, offset + IPV4_TOTAL_LENGTH_OFFSET));
        boolean first = (unsignedShort(buffer, offset + IPV4_FRAGMENT_OFFSET) & IPV4_FRAGMENT_OFFSET_BITS) == 0;
        int headerLength = (buffer.getByte(offset) & 0x0F) * Integer.BYTES;
        return of(buffer.getByte(offset + IPV4_PROTOCOL_OFFSET) & 0xFF, first, buffer, offset + headerLength, end);
    }

    private static long ipv6(DirectBuffer buffer, int offset, int length) {
        int end = offset + Math.min(length, IPV6_HEADER_LENGTH + unsignedShort(buffer, offset + IPV6_PAYLOAD_LENGTH_OFFSET));
        int next = buffer.getByte(offset + IPV6_NEXT_HEADER_OFFSET) & 0xFF;
        int at = offset + IPV6_HEADER_LENGTH;
        boolean first = true;
        for (int passed = 0; isExtension(next); passed++) {
            if (passed == MOST_EXTENSIONS || end - at < EXTENSION_UNIT || !first) {
                return UNREADABLE;
            }
            int units = 1;
            if (next == FRAGMENT) {
                first = (unsignedShort(buffer, at + 2) & FRAGMENT_OFFSET_BITS) == 0;
            } else {
                units += buffer.getByte(at + 1) & 0xFF;
            }
            next = buffer.getByte(at) & 0xFF;
            at += units * EXTENSION_UNIT;
        }
        return at > end ? UNREADABLE : of(next, first, buffer, at, end);
    }

    private static long of(int protocol, boolean first, DirectBuffer buffer, int at, int end) {
        long upper = (long) protocol << Integer.SIZE;
        if (!first || !UpperProtocol.hasPorts(protocol)) {
            return upper;
        }
        // A first fragment without the ports would hide them in the next one (RFC 7112), behind a rule that discards some ports.
        return end - at < PORTS_LENGTH ? UNREADABLE
                : upper | PORTS_KNOWN | buffer.getInt(at, ByteOrder.BIG_ENDIAN) & 0xFFFFFFFFL;
    }

    private static boolean isExtension(int header) {
        return header == HOP_BY_HOP || header == ROUTING || header == FRAGMENT || header == DESTINATION_OPTIONS;
    }

    private static int unsignedShort(DirectBuffer buffer, int index) {
        return buffer.getShort(index, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }
}
