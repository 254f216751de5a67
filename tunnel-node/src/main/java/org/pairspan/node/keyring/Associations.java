package org.pairspan.node.keyring;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.crypto.Suite;

/**
 * Which generation the data plane has been given for each peer. Lets only newer ones through, because keys installed twice would
 * repeat nonces; a generation that the data plane could not take is spent too. Holds no keys. Single thread.
 */
final class Associations {
    /** What the data plane has for one peer. */
    record Held(String peerId, int peerNumber, long generation, List<IpPrefix> prefixes, long sinceNs, CompletionStage<Void> installed) {
        boolean covers(IpPrefix address) {
            return prefixes.stream().anyMatch(prefix -> prefix.contains(address));
        }
    }

    private final String ownId;
    private final List<IpPrefix> ownPrefixes;
    private final Collection<Suite> suites;
    private final Consumer<AssociationGrant> beforeInstall;
    private final DataPlane dataPlane;
    private final Map<Integer, Held> byNumber = new HashMap<>();
    private int ownNumber;

    Associations(String ownId, List<IpPrefix> ownPrefixes, Collection<Suite> suites, Consumer<AssociationGrant> beforeInstall,
            DataPlane dataPlane) {
        this.ownId = ownId;
        this.ownPrefixes = ownPrefixes;
        this.suites = suites;
        this.beforeInstall = beforeInstall;
        this.dataPlane = dataPlane;
    }

    Optional<Held> of(int peerNumber) {
        return Optional.ofNullable(byNumber.get(peerNumber));
    }

    Optional<Held> covering(IpPrefix address) {
        return byNumber.values().stream().filter(held -> held.covers(address)).findFirst();
    }

    /**
     * Installs what is offered, unless this generation is installed already.
     *
     * @return what is held for the peer from now on; its {@link Held#installed()} tells when the data plane has it.
     * @throws OfferException when the offer must not be used; what was held before stays.
     */
    Held take(AssociationOffer offer, long nowNs) throws OfferException {
        check(offer);
        Held held = byNumber.get(offer.peerNumber());
        if (held != null) {
            require(held.peerId().equals(offer.peerId()),
                    "number " + offer.peerNumber() + " is " + held.peerId() + "'s, not " + offer.peerId() + "'s");
            require(offer.generation() >= held.generation(),
                    "generation " + offer.generation() + " is older than generation " + held.generation() + " in use");
            if (offer.generation() == held.generation()) {
                return held;
            }
        }
        ownNumber = offer.ownNumber();
        AssociationGrant grant = offer.derive(ownId);
        beforeInstall.accept(grant);
        Held taken = new Held(offer.peerId(), offer.peerNumber(), offer.generation(), offer.peerPrefixes(), nowNs,
                dataPlane.install(grant));
        byNumber.put(offer.peerNumber(), taken);
        return taken;
    }

    private void check(AssociationOffer offer) throws OfferException {
        require(!offer.peerId().equals(ownId), "it is with ourselves");
        require(ownNumber == 0 || offer.ownNumber() == ownNumber,
                "it says that we are number " + offer.ownNumber() + ", but we are number " + ownNumber);
        require(suites.contains(offer.suite()), "suite " + offer.suite().wireName() + " is not allowed here");
        for (IpPrefix prefix : offer.peerPrefixes()) {
            require(ownPrefixes.stream().noneMatch(prefix::overlaps), "the peer's prefix " + prefix + " overlaps our own");
        }
    }

    private static void require(boolean holds, String otherwise) throws OfferException {
        if (!holds) {
            throw new OfferException(otherwise);
        }
    }
}
