package org.pairspan.node.classify;

import java.util.Collection;
import java.util.TreeMap;
import org.agrona.DirectBuffer;
import org.pairspan.protocol.address.IpPrefix;

/** The prefixes behind this node; immutable. Takes packets in which {@link IpPacket#fault} found nothing wrong. */
public final class OwnPrefixes {
    private static final int FOREIGN = 0;
    private static final int OWN = 1;

    private final AddressRanges ipv4;
    private final AddressRanges ipv6;

    /** Prefixes of both families, in any order; they may overlap. */
    public OwnPrefixes(Collection<IpPrefix> prefixes) {
        TreeMap<IpPrefix, Integer> own = new TreeMap<>();
        for (IpPrefix prefix : prefixes) {
            own.put(prefix, OWN);
        }
        ipv4 = AddressRanges.of(true, own, FOREIGN);
        ipv6 = AddressRanges.of(false, own, FOREIGN);
    }

    /** Whether the packet's source is one of ours. */
    public boolean holdSource(DirectBuffer buffer, int offset) {
        return ranges(buffer, offset).find(buffer, IpPacket.sourceOffset(buffer, offset)) == OWN;
    }

    /** Whether the packet's destination is one of ours. */
    public boolean holdDestination(DirectBuffer buffer, int offset) {
        return ranges(buffer, offset).find(buffer, IpPacket.destinationOffset(buffer, offset)) == OWN;
    }

    private AddressRanges ranges(DirectBuffer buffer, int offset) {
        return IpPacket.isIpv4(buffer, offset) ? ipv4 : ipv6;
    }
}
