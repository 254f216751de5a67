package org.pairspan.node.association;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.collections.Int2ObjectHashMap;
import org.pairspan.node.keyring.AssociationGrant;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.association.Spi;
import org.pairspan.protocol.session.InboundAssociation;
import org.pairspan.protocol.session.OutboundAssociation;

/**
 * All security associations of this node (RFC 4301 section 4.4.2): by SPI for what arrives, by peer for what leaves. Owned by the data
 * thread.
 */
public final class SecurityAssociationDatabase {
    /** How long a generation still opens packets once another has taken over. */
    static final long GRACE_NS = TimeUnit.SECONDS.toNanos(30);

    private final Int2ObjectHashMap<InboundEntry> inboundBySpi = new Int2ObjectHashMap<>();
    private final Int2ObjectHashMap<PeerAssociations> peersByNumber = new Int2ObjectHashMap<>();
    private final SaLifetime lifetime;

    /**
     * @param lifetime the hard limits of every association.
     */
    public SecurityAssociationDatabase(SaLifetime lifetime) {
        this.lifetime = lifetime;
    }

    /**
     * Takes one generation into use: it opens packets at once. It protects packets at once where nothing else does, and as soon as the
     * peer has used it otherwise.
     *
     * @param grant with the keys, which this database wipes when the association ends.
     * @param nowNs the time.
     * @return the peer's associations.
     */
    public PeerAssociations install(AssociationGrant grant, long nowNs) {
        PeerAssociations peer = peersByNumber.get(grant.peerNumber());
        if (peer == null) {
            peer = new PeerAssociations(grant.ownNumber(), grant.peerNumber(), grant.peerId());
            peersByNumber.put(grant.peerNumber(), peer);
        }
        int inboundSpi = Spi.of(grant.peerNumber(), grant.generation());
        InboundAssociation inbound =
                new InboundAssociation(inboundSpi, grant.suite(), grant.inboundKeys(), lifetime, nowNs);
        InboundEntry displaced =
                inboundBySpi.put(inboundSpi, new InboundEntry(inboundSpi, grant.generation(), inbound, peer));
        if (displaced != null) {
            displaced.association.destroy();
        }
        OutboundAssociation outbound = new OutboundAssociation(
                Spi.of(grant.ownNumber(), grant.generation()), grant.suite(), grant.outboundKeys(), lifetime, nowNs);
        if (peer.candidate != null) {
            peer.candidate.destroy();
            retire(peer, peer.candidateGeneration, peer.candidateGeneration, nowNs);
        }
        peer.candidate = outbound;
        peer.candidateGeneration = grant.generation();
        peer.keyVersion = grant.keyVersion();
        peer.suite = grant.suite();
        if (peer.outbound == null) {
            peer.promoteCandidate();
        }
        return peer;
    }

    /**
     * Finds what opens a datagram.
     *
     * @param spi from its ESP header.
     * @return the entry, or null.
     */
    public InboundEntry inbound(int spi) {
        return inboundBySpi.get(spi);
    }

    /**
     * An authentic datagram has come: the peer has this generation. Where it is the candidate, it takes over.
     *
     * @param entry what opened the datagram.
     * @param bytes length of the datagram.
     * @param nowNs the time.
     */
    public void onAuthentic(InboundEntry entry, int bytes, long nowNs) {
        PeerAssociations peer = entry.peer;
        peer.onReceived(bytes, nowNs);
        if (peer.candidate != null && entry.generation == peer.candidateGeneration) {
            peer.promoteCandidate();
            retire(peer, 0, entry.generation - 1, nowNs);
        }
    }

    /**
     * Finds a peer.
     *
     * @param number its member number.
     * @return its associations, or null.
     */
    public PeerAssociations peer(int number) {
        return peersByNumber.get(number);
    }

    /** Every peer there is an association with. */
    public Collection<PeerAssociations> peers() {
        return peersByNumber.values();
    }

    /**
     * Destroys what has outlived its grace time. Call a few times a second.
     *
     * @param nowNs the time.
     */
    public void expire(long nowNs) {
        List<InboundEntry> ended = null;
        for (InboundEntry entry : inboundBySpi.values()) {
            if (entry.endNs != InboundEntry.NO_END && nowNs - entry.endNs >= 0) {
                ended = ended == null ? new ArrayList<>() : ended;
                ended.add(entry);
            }
        }
        if (ended != null) {
            for (InboundEntry entry : ended) {
                inboundBySpi.remove(entry.spi);
                entry.association.destroy();
            }
        }
    }

    /** Destroys every association and wipes its keys. */
    public void destroy() {
        inboundBySpi.values().forEach(entry -> entry.association.destroy());
        inboundBySpi.clear();
        for (PeerAssociations peer : peersByNumber.values()) {
            if (peer.outbound != null) {
                peer.outbound.destroy();
            }
            if (peer.candidate != null) {
                peer.candidate.destroy();
            }
        }
        peersByNumber.clear();
    }

    /** Older generations open what is still on its way, for the grace time, and end. */
    private void retire(PeerAssociations peer, long fromGeneration, long toGeneration, long nowNs) {
        for (InboundEntry entry : inboundBySpi.values()) {
            if (entry.peer == peer && entry.endNs == InboundEntry.NO_END && entry.generation >= fromGeneration
                    && entry.generation <= toGeneration) {
                entry.endNs = nowNs + GRACE_NS;
            }
        }
    }
}
