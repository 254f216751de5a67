package org.pairspan.node.association;

import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.collections.Int2ObjectHashMap;
import org.pairspan.node.keyring.AssociationGrant;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.association.Spi;
import org.pairspan.protocol.association.TrafficKeys;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.handshake.EpochKeys;
import org.pairspan.protocol.keyupdate.KeyUpdate;
import org.pairspan.protocol.session.InboundAssociation;
import org.pairspan.protocol.session.OutboundAssociation;

/**
 * All security associations of this node (RFC 4301 section 4.4.2): by SPI for what arrives, by peer for what leaves. Owned by the data
 * thread.
 */
public final class SecurityAssociationDatabase {
    /** A peer says something every few seconds at least; one that was not heard for so long may have gone back to where it was. */
    private static final long SILENCE_NS = TimeUnit.SECONDS.toNanos(10);

    private final InboundTable inbound = new InboundTable();
    private final Int2ObjectHashMap<PeerAssociations> peersByNumber = new Int2ObjectHashMap<>();
    private final SaLifetime lifetime;
    private final Consumer<AssociationGrant> activated;

    /**
     * @param lifetime  the hard limits of every association.
     * @param activated told of each prepared association that has come into use, before the first packet under it is dealt with.
     */
    public SecurityAssociationDatabase(SaLifetime lifetime, Consumer<AssociationGrant> activated) {
        this.lifetime = lifetime;
        this.activated = activated;
    }

    /**
     * Takes one generation into use, by its bootstrap keys: it opens packets at once. It protects packets at once where nothing else
     * does, and as soon as the peer has used it otherwise.
     *
     * @param grant with the keys, which this database wipes when the association ends.
     * @param nowNs the time.
     * @return the peer's associations.
     */
    public PeerAssociations install(AssociationGrant grant, long nowNs) {
        PeerAssociations peer = peerOf(grant);
        if (peer.prepared != null && peer.prepared.generation() < grant.generation()) {
            forgetPrepared(peer);
        }
        describe(peer, grant, nowNs);
        add(peer, grant.generation(), Spi.BOOTSTRAP_EPOCH, grant.suite(), grant.outboundKeys(), grant.inboundKeys(), nowNs);
        return peer;
    }

    private PeerAssociations peerOf(AssociationGrant grant) {
        PeerAssociations peer = peersByNumber.get(grant.peerNumber());
        if (peer == null) {
            peer = new PeerAssociations(grant.ownNumber(), grant.peerNumber(), grant.peerId());
            peersByNumber.put(grant.peerNumber(), peer);
        }
        return peer;
    }

    private static void describe(PeerAssociations peer, AssociationGrant grant, long nowNs) {
        peer.address().advertise(grant.peerBearer(), nowNs - peer.lastAuthenticNs().get() >= SILENCE_NS);
        peer.keyVersion = grant.keyVersion();
        peer.suite = grant.suite();
        peer.latestGeneration = Math.max(peer.latestGeneration, grant.generation());
    }

    /**
     * Opens packets under a generation, and protects none under it before {@link #activate}, or before the peer does. Takes the place of
     * another that was prepared.
     *
     * @param grant with the keys, which this database wipes when the association ends.
     */
    public void prepare(AssociationGrant grant, long nowNs) {
        PeerAssociations peer = peerOf(grant);
        forgetPrepared(peer);
        int inboundSpi = Spi.of(grant.peerNumber(), grant.generation(), Spi.BOOTSTRAP_EPOCH);
        InboundEntry entry = new InboundEntry(inboundSpi, grant.generation(), Spi.BOOTSTRAP_EPOCH,
                new InboundAssociation(inboundSpi, grant.suite(), grant.inboundKeys(), lifetime, nowNs), peer);
        inbound.put(entry);
        peer.prepared = new PreparedAssociation(grant, entry);
    }

    /**
     * Protects packets under a prepared generation from now on.
     *
     * @return whether it, or one after it, is in use now.
     */
    public boolean activate(int peerNumber, long generation, long nowNs) {
        PeerAssociations peer = peersByNumber.get(peerNumber);
        if (peer != null && peer.prepared != null && peer.prepared.generation() == generation) {
            takeIntoUse(peer, nowNs);
        }
        return peer != null && peer.newestGeneration() >= generation;
    }

    /**
     * Closes every generation before this one.
     *
     * @return whether it is so; not where this one is not in use.
     */
    public boolean retire(int peerNumber, long generation) {
        PeerAssociations peer = peersByNumber.get(peerNumber);
        if (peer == null || peer.outboundGeneration < generation) {
            return false;
        }
        inbound.closeBefore(peer, generation);
        return true;
    }

    /** Forgets a prepared generation, if it still is one. */
    public void rollBack(int peerNumber, long generation) {
        PeerAssociations peer = peersByNumber.get(peerNumber);
        if (peer != null && peer.prepared != null && peer.prepared.generation() == generation) {
            forgetPrepared(peer);
            if (peer.latestGeneration == 0) {
                // Nothing else was ever shared with it.
                peersByNumber.remove(peerNumber);
            }
        }
    }

    /** Closes everything that is shared with a peer, wipes its keys and forgets the peer. */
    public void close(int peerNumber) {
        PeerAssociations peer = peersByNumber.remove(peerNumber);
        if (peer == null) {
            return;
        }
        forgetPrepared(peer);
        inbound.closeBefore(peer, Long.MAX_VALUE);
        peer.closeOutbound();
    }

    private void takeIntoUse(PeerAssociations peer, long nowNs) {
        PreparedAssociation prepared = peer.prepared;
        AssociationGrant grant = prepared.grant();
        peer.prepared = null;
        inbound.passOverCandidate(peer);
        describe(peer, grant, nowNs);
        peer.candidate = new OutboundAssociation(Spi.of(peer.ownNumber(), grant.generation(), Spi.BOOTSTRAP_EPOCH), peer.suite,
                grant.outboundKeys(), lifetime, nowNs);
        peer.candidateGeneration = grant.generation();
        peer.candidateEpoch = Spi.BOOTSTRAP_EPOCH;
        promote(peer, nowNs);
        activated.accept(grant);
    }

    private void promote(PeerAssociations peer, long nowNs) {
        peer.promoteCandidate();
        inbound.retireOlder(peer, nowNs);
    }

    private void forgetPrepared(PeerAssociations peer) {
        if (peer.prepared != null) {
            inbound.remove(peer.prepared.entry());
            peer.prepared.destroy();
            peer.prepared = null;
        }
    }

    /**
     * Takes the keys of a key exchange into use, as {@link #install} does with those of a generation. Keys that come too late, for an epoch
     * that is past or a generation that has a successor, are wiped; but the generation in use goes on where the peer has not used its
     * successor for {@link KeyUpdate#SUCCESSOR_PATIENCE_NS}.
     *
     * @param generation whose epoch it is.
     * @param keys       taken over.
     * @return whether they were taken into use.
     */
    public boolean installEpoch(int peerNumber, long generation, EpochKeys keys, long nowNs) {
        PeerAssociations peer = peersByNumber.get(peerNumber);
        boolean wanted = peer != null && peer.wants(generation, keys.epoch(), nowNs);
        if (wanted) {
            Suite suite = generation == peer.outboundGeneration ? peer.outbound.suite() : peer.suite;
            peer.keyExchange = keys.keyExchange();
            add(peer, generation, keys.epoch(), suite, keys.outbound(), keys.inbound(), nowNs);
        } else {
            keys.destroy();
        }
        return wanted;
    }

    private void add(PeerAssociations peer, long generation, int epoch, Suite suite, TrafficKeys outboundKeys, TrafficKeys inboundKeys,
            long nowNs) {
        int inboundSpi = Spi.of(peer.peerNumber(), generation, epoch);
        InboundEntry entry = new InboundEntry(inboundSpi, generation, epoch,
                new InboundAssociation(inboundSpi, suite, inboundKeys, lifetime, nowNs), peer);
        inbound.put(entry);
        inbound.passOverCandidate(peer);
        peer.candidate = new OutboundAssociation(Spi.of(peer.ownNumber(), generation, epoch), suite, outboundKeys, lifetime, nowNs);
        peer.candidateGeneration = generation;
        peer.candidateEpoch = epoch;
        peer.candidateSinceNs = nowNs;
        if (peer.outbound == null) {
            peer.promoteCandidate();
        }
    }

    /**
     * Finds what opens a datagram.
     *
     * @param spi from its ESP header.
     * @return the entry, or null.
     */
    public InboundEntry inbound(int spi) {
        return inbound.get(spi);
    }

    /**
     * An authentic datagram has come: the peer uses these keys. Where they are newer than those in use, they take over: the candidate, and
     * what was the candidate before it.
     *
     * @param entry what opened the datagram.
     * @param bytes length of the datagram.
     * @param nowNs the time.
     */
    public void onAuthentic(InboundEntry entry, int bytes, long nowNs) {
        PeerAssociations peer = entry.peer;
        peer.onReceived(bytes, nowNs);
        if (peer.candidate != null && entry.generation == peer.candidateGeneration && entry.epoch == peer.candidateEpoch) {
            promote(peer, nowNs);
        } else if (entry.isPassedOver()) {
            peer.takeBack(entry);
            inbound.retireOlder(peer, nowNs);
        } else if (peer.prepared != null && entry == peer.prepared.entry()) {
            takeIntoUse(peer, nowNs);
        }
    }

    /**
     * Whether an SPI is of an epoch that this node is about to have: its peer was a moment faster, and the key service knows nothing
     * about it.
     *
     * @param spi that {@link #inbound} does not know.
     */
    public boolean isOfComingEpoch(int spi) {
        PeerAssociations peer = peersByNumber.get(Spi.senderNumber(spi));
        return peer != null && (Spi.isOfGeneration(spi, peer.newestGeneration()) && Spi.epoch(spi) > peer.newestEpoch()
                || Spi.isOfGeneration(spi, peer.outboundGeneration) && Spi.epoch(spi) > peer.outboundEpoch);
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
        peersByNumber.values().forEach(peer -> inbound.expire(peer, nowNs));
    }

    /** Destroys every association and wipes its keys. */
    public void destroy() {
        inbound.destroy();
        for (PeerAssociations peer : peersByNumber.values()) {
            if (peer.outbound != null) {
                peer.outbound.destroy();
            }
            if (peer.candidate != null) {
                peer.candidate.destroy();
            }
            if (peer.prepared != null) {
                peer.prepared.destroy();
            }
        }
        peersByNumber.clear();
    }
}
