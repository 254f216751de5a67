package org.pairspan.node.pipeline;

import java.nio.ByteOrder;
import java.security.SecureRandom;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.node.classify.IpPacket;
import org.pairspan.protocol.address.IpPrefix;

/**
 * Addresses that, as the key service said, no member owns; each for a while, and never more than a fixed number. A look-up allocates
 * nothing, however many such packets a site sends. Data thread only.
 */
final class UnknownAddresses {
    static final int CAPACITY = 8192;
    /** Where an address may be kept, from the place that its hash names. With no room among them the one that ends first goes. */
    private static final int PLACES = 8;
    /** Stands before an IPv4 address: no unicast IPv6 address begins like this. */
    private static final long IPV4 = -1;

    private final long[] high = new long[CAPACITY];
    private final long[] low = new long[CAPACITY];
    private final long[] untilNs = new long[CAPACITY];
    private final boolean[] taken = new boolean[CAPACITY];
    /** So that nobody can choose addresses that displace each other. */
    private final long seed = new SecureRandom().nextLong();

    /**
     * Remembers an address. One that finds no room displaces another, which costs a question.
     *
     * @param address 4 or 16 bytes, network order.
     */
    void add(byte[] address, long endNs) {
        UnsafeBuffer bytes = new UnsafeBuffer(address);
        boolean isIpv4 = address.length == IpPrefix.IPV4_OCTETS;
        long first = high(bytes, 0, isIpv4);
        long second = low(bytes, 0, isIpv4);
        int place = find(first, second);
        if (place < 0) {
            place = placeForNew(first, second);
        }
        high[place] = first;
        low[place] = second;
        untilNs[place] = endNs;
        taken[place] = true;
    }

    /** Whether the destination of a well-formed IP packet is such an address. */
    boolean containsDestination(DirectBuffer packet, int offset, long nowNs) {
        boolean isIpv4 = IpPacket.isIpv4(packet, offset);
        int address = IpPacket.destinationOffset(packet, offset);
        int place = find(high(packet, address, isIpv4), low(packet, address, isIpv4));
        if (place < 0) {
            return false;
        }
        taken[place] = nowNs - untilNs[place] < 0;
        return taken[place];
    }

    private int find(long first, long second) {
        int start = start(first, second);
        for (int i = 0; i < PLACES; i++) {
            int place = start + i & CAPACITY - 1;
            if (taken[place] && high[place] == first && low[place] == second) {
                return place;
            }
        }
        return -1;
    }

    private int placeForNew(long first, long second) {
        int start = start(first, second);
        int best = start;
        for (int i = 0; i < PLACES; i++) {
            int place = start + i & CAPACITY - 1;
            if (!taken[place]) {
                return place;
            }
            if (untilNs[place] - untilNs[best] < 0) {
                best = place;
            }
        }
        return best;
    }

    private int start(long first, long second) {
        long hash = (first ^ seed) * 0x9E37_79B9_7F4A_7C15L;
        hash = (hash ^ hash >>> 32 ^ second) * 0xC2B2_AE3D_27D4_EB4FL;
        return (int) (hash >>> 40) & CAPACITY - 1;
    }

    private static long high(DirectBuffer buffer, int offset, boolean isIpv4) {
        return isIpv4 ? IPV4 : buffer.getLong(offset, ByteOrder.BIG_ENDIAN);
    }

    private static long low(DirectBuffer buffer, int offset, boolean isIpv4) {
        return isIpv4 ? buffer.getInt(offset, ByteOrder.BIG_ENDIAN) : buffer.getLong(offset + Long.BYTES, ByteOrder.BIG_ENDIAN);
    }
}
