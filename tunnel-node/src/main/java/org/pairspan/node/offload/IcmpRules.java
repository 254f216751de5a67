package org.pairspan.node.offload;

import org.agrona.DirectBuffer;

/**
 * About which packets no ICMP error may be sent (RFC 1122, section 3.2.2; RFC 1812, section 4.3.2.7; RFC 4443, section 2.4 (e)).
 * The packets are well-formed as far as their own length fields go.
 */
final class IcmpRules {
    /** ICMP type (RFC 792). */
    static final int UNREACHABLE = 3;
    /** ICMPv6 type (RFC 4443). */
    static final int PACKET_TOO_BIG = 2;

    private static final int SOURCE_QUENCH = 4;
    private static final int REDIRECT = 5;
    private static final int TIME_EXCEEDED = 11;
    private static final int PARAMETER_PROBLEM = 12;
    private static final int FIRST_ICMPV6_INQUIRY = 128;
    private static final int ICMPV6_REDIRECT = 137;
    private static final int ICMP = 1;
    private static final int ICMPV6 = 58;
    private static final int LOOPBACK_NETWORK = 127;
    private static final int FIRST_MULTICAST = 224;

    private static final int IPV6_HEADER = 40;
    private static final int EXTENSION_UNIT = 8;
    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int AUTHENTICATION = 51;
    private static final int DESTINATION_OPTIONS = 60;
    private static final int FRAGMENT_PLACE = 0xFFF8;

    private IcmpRules() {
    }

    /** Whether the IPv4 address there can be that of one host: not 0.0.0.0/8, loopback, multicast, reserved or broadcast. */
    static boolean isIpv4Host(DirectBuffer packet, int address) {
        int first = packet.getByte(address) & 0xFF;
        return first != 0 && first != LOOPBACK_NETWORK && first < FIRST_MULTICAST;
    }

    /** Whether the IPv6 address there can be that of one host: not unspecified, loopback or multicast. */
    static boolean isIpv6Host(DirectBuffer packet, int address) {
        return packet.getByte(address) != (byte) 0xFF
            && (packet.getLong(address) != 0 || (Long.reverseBytes(packet.getLong(address + Long.BYTES)) & ~1L) != 0);
    }

    /** Whether an IPv4 packet, the first fragment or whole, is an ICMP error, or too short to tell. */
    static boolean isIpv4Error(DirectBuffer packet, int offset, int length) {
        if (packet.getByte(offset + 9) != ICMP) {
            return false;
        }
        int header = (packet.getByte(offset) & 0x0F) * Integer.BYTES;
        return header >= length || switch (packet.getByte(offset + header)) {
            case UNREACHABLE, SOURCE_QUENCH, REDIRECT, TIME_EXCEEDED, PARAMETER_PROBLEM -> true;
            default -> false;
        };
    }

    /** Whether an IPv6 packet is an ICMPv6 error or redirect, a fragment other than the first, or hides what it is. */
    static boolean isIpv6Error(DirectBuffer packet, int offset, int length) {
        int next = packet.getByte(offset + 6) & 0xFF;
        int at = IPV6_HEADER;
        while (next != ICMPV6) {
            boolean fragment = next == FRAGMENT;
            boolean authentication = next == AUTHENTICATION;
            if (!fragment && !authentication && next != HOP_BY_HOP && next != ROUTING && next != DESTINATION_OPTIONS) {
                return false;
            }
            if (length - at < EXTENSION_UNIT || fragment && (Checksums.unsigned(packet, offset + at + 2) & FRAGMENT_PLACE) != 0) {
                return true;
            }
            int units = packet.getByte(offset + at + 1) & 0xFF;
            next = packet.getByte(offset + at) & 0xFF;
            at += fragment ? EXTENSION_UNIT : authentication ? (units + 2) * Integer.BYTES : (units + 1) * EXTENSION_UNIT;
        }
        int type = at < length ? packet.getByte(offset + at) & 0xFF : 0;
        return type < FIRST_ICMPV6_INQUIRY || type == ICMPV6_REDIRECT;
    }
}
