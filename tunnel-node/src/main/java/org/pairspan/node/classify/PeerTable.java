package org.pairspan.node.classify;

import java.util.Collection;
import java.util.TreeMap;
import org.agrona.DirectBuffer;
import org.pairspan.protocol.address.IpPrefix;

/**
 * Which peer owns an address: longest-prefix match over the prefixes of all known peers, IPv4 and IPv6. A peer is any number from
 * 0 up. Owned by one thread. Look-ups take packets in which {@link IpPacket#fault} found nothing wrong.
 */
public final class PeerTable {
    /** No peer owns the address. */
    public static final int NONE = -1;

    private final TreeMap<IpPrefix, Integer> peers = new TreeMap<>();
    private AddressRanges ipv4 = AddressRanges.of(true, peers, NONE);
    private AddressRanges ipv6 = AddressRanges.of(false, peers, NONE);

    /** The peer owns these prefixes from now on and no others. One that was another peer's is so no longer. */
    public void assign(int peer, Collection<IpPrefix> prefixes) {
        if (peer < 0) {
            throw new IllegalArgumentException("a peer's number is 0 or greater, not " + peer);
        }
        peers.values().removeIf(owner -> owner == peer);
        for (IpPrefix prefix : prefixes) {
            peers.put(prefix, peer);
        }
        rebuild();
    }

    /** The peer owns nothing any more. */
    public void withdraw(int peer) {
        if (peers.values().removeIf(owner -> owner == peer)) {
            rebuild();
        }
    }

    /** The peer that owns the packet's destination, or {@link #NONE}. */
    public int ofDestination(DirectBuffer buffer, int offset) {
        return ranges(buffer, offset).find(buffer, IpPacket.destinationOffset(buffer, offset));
    }

    /** The peer that owns the packet's source, or {@link #NONE}. */
    public int ofSource(DirectBuffer buffer, int offset) {
        return ranges(buffer, offset).find(buffer, IpPacket.sourceOffset(buffer, offset));
    }

    private AddressRanges ranges(DirectBuffer buffer, int offset) {
        return IpPacket.isIpv4(buffer, offset) ? ipv4 : ipv6;
    }

    private void rebuild() {
        ipv4 = AddressRanges.of(true, peers, NONE);
        ipv6 = AddressRanges.of(false, peers, NONE);
    }
}
