package org.pairspan.node.association;

import java.util.concurrent.TimeUnit;
import org.agrona.collections.Int2ObjectHashMap;

/** What opens datagrams, by SPI; and when it ends. Data thread. */
final class InboundTable {
    /** How long keys still open packets once others have taken over. */
    static final long GRACE_NS = TimeUnit.SECONDS.toNanos(30);
    /** Retired associations of one peer that still open packets; each holds a cipher. Beyond them the oldest ends early. */
    static final int MOST_RETIRED = 4;

    private final Int2ObjectHashMap<InboundEntry> bySpi = new Int2ObjectHashMap<>();

    /** The entry of an SPI, or null. */
    InboundEntry get(int spi) {
        return bySpi.get(spi);
    }

    /** Takes an entry in; another with its SPI ends. */
    void put(InboundEntry entry) {
        InboundEntry displaced = bySpi.put(entry.spi, entry);
        if (displaced != null) {
            displaced.association.destroy();
            displaced.peer.inbound.remove(displaced);
        }
        entry.peer.inbound.add(entry);
    }

    /** Older keys than those in use open what is still on its way, for the grace time, and end. */
    void retireOlder(PeerAssociations peer, long nowNs) {
        for (int i = 0; i < peer.inbound.size(); i++) {
            InboundEntry entry = peer.inbound.get(i);
            if (entry.endNs == InboundEntry.NO_END && entry.isOlderThan(peer.outboundGeneration, peer.outboundEpoch)) {
                entry.endNs = nowNs + GRACE_NS;
            }
        }
        boundRetired(peer);
    }

    /** A candidate gives way to the next before the peer has used it. The peer may be about to. */
    void retireCandidate(PeerAssociations peer, long nowNs) {
        for (int i = 0; i < peer.inbound.size(); i++) {
            InboundEntry entry = peer.inbound.get(i);
            if (entry.endNs == InboundEntry.NO_END && entry.generation == peer.candidateGeneration
                    && entry.epoch == peer.candidateEpoch) {
                entry.endNs = nowNs + GRACE_NS;
            }
        }
        boundRetired(peer);
    }

    /** Ends what has outlived its grace time. */
    void expire(PeerAssociations peer, long nowNs) {
        for (int i = peer.inbound.size() - 1; i >= 0; i--) {
            InboundEntry entry = peer.inbound.get(i);
            if (entry.endNs != InboundEntry.NO_END && nowNs - entry.endNs >= 0) {
                remove(peer, i);
            }
        }
    }

    /** Ends every generation of a peer before this one. */
    void closeBefore(PeerAssociations peer, long generation) {
        for (int i = peer.inbound.size() - 1; i >= 0; i--) {
            if (peer.inbound.get(i).generation < generation) {
                remove(peer, i);
            }
        }
    }

    void remove(InboundEntry entry) {
        int index = entry.peer.inbound.indexOf(entry);
        if (index >= 0) {
            remove(entry.peer, index);
        }
    }

    /** Ends everything. */
    void destroy() {
        bySpi.values().forEach(entry -> entry.association.destroy());
        bySpi.clear();
    }

    private void boundRetired(PeerAssociations peer) {
        int retired = 0;
        for (int i = peer.inbound.size() - 1; i >= 0; i--) {
            if (peer.inbound.get(i).endNs != InboundEntry.NO_END && ++retired > MOST_RETIRED) {
                remove(peer, i);
            }
        }
    }

    private void remove(PeerAssociations peer, int index) {
        InboundEntry entry = peer.inbound.remove(index);
        bySpi.remove(entry.spi);
        entry.association.destroy();
    }
}
