package org.pairspan.node.offload;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.pairspan.node.classify.IpPacket;

/**
 * Tells the sender of a packet that it is too large for the path: ICMP "fragmentation needed and DF set" (RFC 1191) or ICMPv6
 * "packet too big" (RFC 4443, section 3.2).
 * <pre>
 *   IPv4   | IP header 20 | 3 | 4 | checksum | 0 | next-hop MTU 2 | the packet's first octets, to 576 in all |
 *   IPv6   | IP header 40 | 2 | 0 | checksum | MTU 4              | the packet's first octets, to 1280 in all |
 * </pre>
 * The message has the addresses of the packet, turned round: it goes back into the device it came from, and the kernel takes no
 * packet there that claims to be from an address of its own. One thread.
 */
public final class IcmpTooBig {
    /** RFC 1812, section 4.3.2.3. */
    private static final int IPV4_MOST = 576;
    /** RFC 4443, section 2.4 (c). */
    private static final int IPV6_MOST = 1280;
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int ICMP_HEADER = 8;
    private static final int IPV4_SOURCE = 12;
    private static final int IPV4_DESTINATION = 16;
    private static final int IPV6_SOURCE = 8;
    private static final int IPV6_DESTINATION = 24;
    private static final int IPV6_ADDRESS = 16;
    private static final int FRAGMENT_OFFSET = 6;
    private static final int DONT_FRAGMENT = 0x4000;
    private static final int FRAGMENT_PLACE = 0x1FFF;
    /** Internetwork control (RFC 1812, section 4.3.2.5). */
    private static final byte PRECEDENCE = (byte) 0xC0;
    private static final byte HOPS = 64;
    private static final int ICMP = 1;
    private static final int ICMPV6 = 58;

    private int identification;

    /**
     * Writes the message as one IP packet that lacks nothing.
     *
     * @param packet a well-formed IP packet ({@link IpPacket#fault}) at {@code offset}
     * @param mtu the longest IP packet, in octets, that the path carries
     * @param out room for 1,280 octets at {@code outOffset}
     * @return its length; 0 where none may be sent (RFC 1122, section 3.2.2; RFC 4443, section 2.4): about an ICMP error, a fragment
     *     other than the first, an IPv4 packet that may be fragmented, to more than one host, or from what is no one host
     */
    public int write(DirectBuffer packet, int offset, int length, int mtu, MutableDirectBuffer out, int outOffset) {
        if (IpPacket.fault(packet, offset, length) != null || IpPacket.isMulticast(packet, offset)) {
            return 0;
        }
        return IpPacket.isIpv4(packet, offset)
            ? writeIpv4(packet, offset, length, mtu, out, outOffset)
            : writeIpv6(packet, offset, length, mtu, out, outOffset);
    }

    private int writeIpv4(DirectBuffer packet, int offset, int length, int mtu, MutableDirectBuffer out, int at) {
        int fragment = Checksums.unsigned(packet, offset + FRAGMENT_OFFSET);
        if ((fragment & DONT_FRAGMENT) == 0 || (fragment & FRAGMENT_PLACE) != 0
            || !IcmpRules.isIpv4Host(packet, offset + IPV4_SOURCE) || IcmpRules.isIpv4Error(packet, offset, length)) {
            return 0;
        }
        int quoted = Math.min(Checksums.unsigned(packet, offset + 2), IPV4_MOST - IPV4_HEADER - ICMP_HEADER);
        int total = IPV4_HEADER + ICMP_HEADER + quoted;
        out.setMemory(at, IPV4_HEADER + ICMP_HEADER, (byte) 0);
        out.putByte(at, (byte) 0x45);
        out.putByte(at + 1, PRECEDENCE);
        Checksums.putUnsigned(out, at + 2, total);
        Checksums.putUnsigned(out, at + 4, identification++);
        out.putByte(at + 8, HOPS);
        out.putByte(at + 9, (byte) ICMP);
        out.putBytes(at + IPV4_SOURCE, packet, offset + IPV4_DESTINATION, Integer.BYTES);
        out.putBytes(at + IPV4_DESTINATION, packet, offset + IPV4_SOURCE, Integer.BYTES);
        Checksums.putUnsigned(out, at + Checksums.IPV4_OFFSET, ~Checksums.sum(out, at, IPV4_HEADER));
        int icmp = at + IPV4_HEADER;
        out.putByte(icmp, (byte) IcmpRules.UNREACHABLE);
        out.putByte(icmp + 1, (byte) 4);
        Checksums.putUnsigned(out, icmp + 6, Math.min(mtu, 0xFFFF));
        out.putBytes(icmp + ICMP_HEADER, packet, offset, quoted);
        Checksums.putUnsigned(out, icmp + 2, ~Checksums.sum(out, icmp, ICMP_HEADER + quoted));
        return total;
    }

    private static int writeIpv6(DirectBuffer packet, int offset, int length, int mtu, MutableDirectBuffer out, int at) {
        int whole = IPV6_HEADER + Checksums.unsigned(packet, offset + 4);
        if (!IcmpRules.isIpv6Host(packet, offset + IPV6_SOURCE) || IcmpRules.isIpv6Error(packet, offset, whole)) {
            return 0;
        }
        int quoted = Math.min(whole, IPV6_MOST - IPV6_HEADER - ICMP_HEADER);
        out.setMemory(at, IPV6_HEADER + ICMP_HEADER, (byte) 0);
        out.putByte(at, (byte) 0x60);
        Checksums.putUnsigned(out, at + 4, ICMP_HEADER + quoted);
        out.putByte(at + 6, (byte) ICMPV6);
        out.putByte(at + 7, HOPS);
        out.putBytes(at + IPV6_SOURCE, packet, offset + IPV6_DESTINATION, IPV6_ADDRESS);
        out.putBytes(at + IPV6_DESTINATION, packet, offset + IPV6_SOURCE, IPV6_ADDRESS);
        int icmp = at + IPV6_HEADER;
        out.putByte(icmp, (byte) IcmpRules.PACKET_TOO_BIG);
        Checksums.putUnsigned(out, icmp + 4, mtu >>> 16);
        Checksums.putUnsigned(out, icmp + 6, mtu);
        out.putBytes(icmp + ICMP_HEADER, packet, offset, quoted);
        Checksums.putUnsigned(out, icmp + 2, ~Checksums.add(Checksums.pseudoHeader(out, at, ICMPV6, ICMP_HEADER + quoted),
            Checksums.sum(out, icmp, ICMP_HEADER + quoted)));
        return IPV6_HEADER + ICMP_HEADER + quoted;
    }
}
