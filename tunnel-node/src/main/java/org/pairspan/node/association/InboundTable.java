package org.pairspan.node.association;

import java.util.concurrent.TimeUnit;
import org.agrona.collections.Int2ObjectHashMap;

/** What opens datagrams, by SPI; and when it ends. Data thread. */
final class InboundTable {
    /** How long keys still open packets once others have taken over. */
    static final long GRACE_NS = TimeUnit.SECONDS.toNanos(30);
    /** Associations of a peer that open packets beside the one in use and the candidate; each holds ciphers. Of more the oldest end. */
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
            displaced.destroy();
            displaced.peer.inbound.remove(displaced);
        }
        insert(entry);
    }

    /** By generation and epoch, so that where there are too many the oldest keys end, whichever came first. */
    private static void insert(InboundEntry entry) {
        int place = entry.peer.inbound.size();
        while (place > 0 && entry.isOlderThan(entry.peer.inbound.get(place - 1).generation, entry.peer.inbound.get(place - 1).epoch)) {
            place--;
        }
        entry.peer.inbound.add(place, entry);
    }

    /** Older keys than those in use open what is still on its way, for the grace time, and end. */
    void retireOlder(PeerAssociations peer, long nowNs) {
        for (int i = 0; i < peer.inbound.size(); i++) {
            InboundEntry entry = peer.inbound.get(i);
            if (entry.endNs == InboundEntry.NO_END && entry.isOlderThan(peer.outboundGeneration, peer.outboundEpoch)) {
                entry.endAt(nowNs + GRACE_NS);
            }
        }
        boundRetired(peer);
    }

    /**
     * The candidate gives way to newer keys before the peer has used it. The peer may have taken it for good already, and may never get
     * the newer ones; so both directions of it stay until newer keys are in use.
     */
    void passOverCandidate(PeerAssociations peer) {
        for (int i = 0; i < peer.inbound.size(); i++) {
            InboundEntry entry = peer.inbound.get(i);
            if (peer.candidate != null && entry.generation == peer.candidateGeneration && entry.epoch == peer.candidateEpoch) {
                entry.passOver(peer.candidate);
                peer.candidate = null;
            }
        }
        if (peer.candidate != null) {
            peer.candidate.destroy();
            peer.candidate = null;
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
        bySpi.values().forEach(InboundEntry::destroy);
        bySpi.clear();
    }

    private void boundRetired(PeerAssociations peer) {
        int retired = 0;
        for (int i = peer.inbound.size() - 1; i >= 0; i--) {
            InboundEntry entry = peer.inbound.get(i);
            if ((entry.endNs != InboundEntry.NO_END || entry.isPassedOver()) && ++retired > MOST_RETIRED) {
                remove(peer, i);
            }
        }
    }

    private void remove(PeerAssociations peer, int index) {
        InboundEntry entry = peer.inbound.remove(index);
        bySpi.remove(entry.spi);
        entry.destroy();
    }
}
