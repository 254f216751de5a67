package org.pairspan.node.offload;

import org.agrona.DirectBuffer;
import org.pairspan.node.classify.IpPacket;
import org.pairspan.node.classify.PlainTransport;

/** Addresses, protocol and ports of a packet. Set anew for each; both ways of a connection are two flows. */
final class FlowKey {
    private static final int IPV4_ADDRESSES = 12;
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_ADDRESSES = 8;
    private static final int IPV6_HEADER = 40;

    private long first;
    private long second;
    private long third;
    private long fourth;
    private int ports;
    private int protocol;
    private int ipHeader;

    /** Takes the flow of a packet that passed {@link IpPacket#fault}; whether it is plain TCP or UDP and has ports. */
    boolean set(DirectBuffer packet, int offset, int length) {
        setAddresses(packet, offset, length);
        ipHeader = PlainTransport.ipHeaderLength(packet, offset, length);
        if (ipHeader == 0) {
            protocol = 0;
            return false;
        }
        protocol = PlainTransport.protocol(packet, offset);
        ports = packet.getInt(offset + ipHeader);
        return true;
    }

    void copy(FlowKey other) {
        first = other.first;
        second = other.second;
        third = other.third;
        fourth = other.fourth;
        ports = other.ports;
        protocol = other.protocol;
        ipHeader = other.ipHeader;
    }

    /** {@link PlainTransport#TCP}, {@link PlainTransport#UDP}, or 0. */
    int protocol() {
        return protocol;
    }

    /** Length of the IP header; 0 where there is no plain TCP or UDP. */
    int ipHeader() {
        return ipHeader;
    }

    boolean isFlowOf(FlowKey other) {
        return ports == other.ports && protocol == other.protocol && hasAddressesOf(other);
    }

    boolean hasAddressesOf(FlowKey other) {
        return first == other.first && second == other.second && third == other.third && fourth == other.fourth;
    }

    private void setAddresses(DirectBuffer packet, int offset, int length) {
        first = 0;
        second = 0;
        third = 0;
        fourth = 0;
        if (length >= IPV6_HEADER && !IpPacket.isIpv4(packet, offset)) {
            first = packet.getLong(offset + IPV6_ADDRESSES);
            second = packet.getLong(offset + IPV6_ADDRESSES + 8);
            third = packet.getLong(offset + IPV6_ADDRESSES + 16);
            fourth = packet.getLong(offset + IPV6_ADDRESSES + 24);
        } else if (length >= IPV4_HEADER && IpPacket.isIpv4(packet, offset)) {
            first = packet.getLong(offset + IPV4_ADDRESSES);
        }
    }
}
