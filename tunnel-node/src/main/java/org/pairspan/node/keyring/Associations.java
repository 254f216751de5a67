package org.pairspan.node.keyring;

import static org.pairspan.node.keyring.OfferException.require;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.keyservice.Terms;

/**
 * Which generation the data plane has been given for each peer. Lets only newer ones through, because keys installed twice would
 * repeat nonces; a generation that the data plane could not take is spent too. Holds no keys. Single thread.
 */
final class Associations {
    /**
     * What the data plane has for one peer.
     *
     * @param opened    completes when packets under it are opened; exceptionally where it was not taken.
     * @param installed completes when it is what was asked for, prepared or in use; exceptionally where the data plane refused.
     */
    record Held(String peerId, int peerNumber, int keyVersion, long generation, List<IpPrefix> prefixes, Suite suite, Terms terms, long sinceNs,
            CompletionStage<Void> opened, CompletionStage<Void> installed) {
        boolean covers(IpPrefix address) {
            return prefixes.stream().anyMatch(prefix -> prefix.contains(address));
        }

        /** The same, in use once the data plane has activated it, too. */
        Held activatedBy(CompletionStage<Boolean> activation) {
            return new Held(peerId, peerNumber, keyVersion, generation, prefixes, suite, terms, sinceNs, opened,
                    opened.thenCombine(activation, (taken, activated) -> {
                        if (!activated) {
                            throw new IllegalStateException("the data plane does not activate generation " + generation);
                        }
                        return null;
                    }));
        }

        /** Whether it was opened, and what came after that was refused. */
        boolean isRefusedSince() {
            return opened != installed && installed.toCompletableFuture().isCompletedExceptionally();
        }
    }

    private final String ownId;
    private final List<IpPrefix> ownPrefixes;
    private final Collection<Suite> suites;
    private final Consumer<AssociationGrant> beforeInstall;
    private final DataPlane dataPlane;
    private final Closings closings;
    private final Keyring.TermsObjection objection;
    private final Map<Integer, Held> byNumber = new HashMap<>();
    /** What opens packets but protects none yet. */
    private final Map<Integer, Held> prepared = new HashMap<>();
    private final SpentKeys spentKeys = new SpentKeys();
    private final RefusedInstalls refused = new RefusedInstalls();
    private int ownNumber;

    Associations(String ownId, List<IpPrefix> ownPrefixes, Collection<Suite> suites, Keyring.TermsObjection objection,
            Consumer<AssociationGrant> beforeInstall, DataPlane dataPlane) {
        this.ownId = ownId;
        this.ownPrefixes = ownPrefixes;
        this.suites = suites;
        this.beforeInstall = beforeInstall;
        this.dataPlane = dataPlane;
        closings = new Closings(dataPlane);
        this.objection = objection;
    }

    Optional<Held> of(int peerNumber) {
        return Optional.ofNullable(byNumber.get(peerNumber));
    }

    /** Asks the data plane once more to close what it has not closed yet. */
    void closeAgain() {
        closings.askAgain();
    }

    /** Gives up what the data plane could not take, as its keys are wiped: what was held before is again. */
    void settle() {
        refused.settle((spent, before) -> {
            spentKeys.spend(spent.peerNumber(), spent.generation());
            byNumber.computeIfPresent(spent.peerNumber(), (number, held) -> held == spent ? before.orElse(null) : held);
        });
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
                return inUse(held);
            }
        }
        Held waiting = prepared.get(offer.peerNumber());
        if (waiting != null && waiting.generation() == offer.generation()) {
            return activate(waiting);
        }
        if (waiting != null && waiting.generation() < offer.generation()) {
            prepared.remove(offer.peerNumber());
        }
        AssociationGrant grant = grant(offer);
        spentKeys.comesBack(offer.peerNumber());
        Held taken = held(offer, dataPlane.install(grant), nowNs);
        byNumber.put(offer.peerNumber(), taken);
        refused.watch(taken, held);
        return taken;
    }

    /**
     * Prepares what is offered, unless that was done already.
     *
     * @return what is prepared; its {@link Held#installed()} tells when the data plane opens packets under it.
     * @throws OfferException when the offer must not be used.
     */
    Held prepare(AssociationOffer offer, long nowNs) throws OfferException {
        check(offer);
        for (Held known : List.of(byNumber, prepared).stream().map(map -> map.get(offer.peerNumber())).filter(Objects::nonNull).toList()) {
            require(known.peerId().equals(offer.peerId()),
                    "number " + offer.peerNumber() + " is " + known.peerId() + "'s, not " + offer.peerId() + "'s");
            require(offer.generation() >= known.generation(),
                    "generation " + offer.generation() + " is older than generation " + known.generation());
            if (offer.generation() == known.generation()) {
                return known;
            }
        }
        CompletionStage<Void> done = dataPlane.change(new AssociationChange.Prepare(grant(offer))).thenAccept(taken -> { });
        Held waiting = held(offer, done, nowNs);
        prepared.put(offer.peerNumber(), waiting);
        return waiting;
    }

    /** Takes a later step of an update; completes with whether it is so now. */
    CompletionStage<Boolean> step(AssociationChange change) {
        Held held = byNumber.get(change.peerNumber());
        Held waiting = prepared.get(change.peerNumber());
        return switch (change) {
            case AssociationChange.Prepare never -> throw new IllegalArgumentException("an offer is prepared");
            case AssociationChange.Activate(int number, long generation) -> {
                if (waiting != null && waiting.generation() == generation) {
                    yield isTaken(activate(waiting));
                }
                if (held == null) {
                    yield CompletableFuture.completedStage(isClosed(number, generation));
                }
                yield held.generation() < generation ? CompletableFuture.completedStage(false) : isTaken(inUse(held));
            }
            case AssociationChange.Retire(int number, long generation) -> {
                if (waiting != null && waiting.generation() == generation) {
                    held = activate(waiting);
                } else if (held != null) {
                    held = inUse(held);
                }
                yield held != null && held.generation() >= generation ? dataPlane.change(change)
                        : CompletableFuture.completedStage(held == null && isClosed(number, generation));
            }
            case AssociationChange.RollBack rollBack -> {
                int number = rollBack.peerNumber();
                long generation = rollBack.generation();
                spentKeys.spend(number, generation);
                if (waiting == null || waiting.generation() != generation) {
                    yield CompletableFuture.completedStage(held == null || held.generation() < generation);
                }
                prepared.remove(number);
                yield closings.rollBack(rollBack);
            }
            case AssociationChange.Close(int number) -> {
                spentKeys.revoke(number);
                prepared.remove(number);
                refused.forget(number);
                yield byNumber.remove(number) == null && waiting == null ? CompletableFuture.completedStage(true) : closings.close(number);
            }
        };
    }

    /** Whether all that was shared with a peer up to this generation was closed: no step of its update has anything left to do here. */
    private boolean isClosed(int number, long generation) {
        return closings.isDone(number) && spentKeys.isClosed(number, generation);
    }

    /** The version of the key shared with a target; 0 where there is none. */
    int heldVersion(Target target) {
        Optional<Held> held = switch (target) {
            case Target.Owner(IpPrefix address) -> covering(address);
            case Target.Numbered(int number) -> of(number);
        };
        return held.map(Held::keyVersion).orElse(0);
    }

    /** All that is in use. */
    List<Held> all() {
        return List.copyOf(byNumber.values());
    }

    /**
     * Closes what is shared with a peer that the policy does not allow any more, or that has left. Should it come back, only a newer
     * generation will do.
     *
     * @return whether something was.
     */
    boolean withdraw(int number) {
        Held waiting = prepared.remove(number);
        Held held = byNumber.remove(number);
        refused.forget(number);
        for (Held spent : Arrays.asList(waiting, held)) {
            if (spent != null) {
                spentKeys.withdraw(spent);
            }
        }
        if (held != null || waiting != null) {
            closings.close(number);
        }
        return held != null || waiting != null;
    }

    /** The newest generation with a target that must not be taken again; 0 where there is none. */
    long spent(Target target) {
        return switch (target) {
            case Target.Owner(IpPrefix address) -> Stream.of(byNumber.values(), spentKeys.withdrawn(), refused.last())
                    .flatMap(Collection::stream).filter(held -> held.covers(address))
                    .mapToLong(held -> spentKeys.newest(held.peerNumber())).max().orElse(0);
            case Target.Numbered(int number) -> spentKeys.newest(number);
        };
    }

    private Held activate(Held waiting) {
        Held activated = waiting.activatedBy(dataPlane.change(new AssociationChange.Activate(waiting.peerNumber(), waiting.generation())));
        prepared.remove(waiting.peerNumber());
        spentKeys.comesBack(waiting.peerNumber());
        byNumber.put(waiting.peerNumber(), activated);
        return activated;
    }

    /** What is held; activated once more where the data plane has refused that. */
    private Held inUse(Held held) {
        return held.isRefusedSince() ? activate(held) : held;
    }

    /** What may be acknowledged: what the data plane has taken, and nothing that it was only asked for. */
    private static CompletionStage<Boolean> isTaken(Held held) {
        return held.installed().handle((installed, failure) -> failure == null);
    }

    private AssociationGrant grant(AssociationOffer offer) throws OfferException {
        ownNumber = offer.ownNumber();
        AssociationGrant grant = offer.derive(ownId);
        beforeInstall.accept(grant);
        return grant;
    }

    private static Held held(AssociationOffer offer, CompletionStage<Void> installed, long nowNs) {
        return new Held(offer.peerId(), offer.peerNumber(), offer.keyVersion(), offer.generation(), offer.peerPrefixes(), offer.suite(),
                offer.terms(), nowNs, installed, installed);
    }

    private void check(AssociationOffer offer) throws OfferException {
        require(!offer.peerId().equals(ownId), "it is with ourselves");
        require(!spentKeys.isRevoked(offer.peerNumber()), "number " + offer.peerNumber() + " is revoked");
        require(!closings.isRefused(offer.peerNumber()), "what was shared with number " + offer.peerNumber() + " before is not closed yet");
        require(offer.generation() > spentKeys.newest(offer.peerNumber()), "generation " + offer.generation() + " was given up");
        require(ownNumber == 0 || offer.ownNumber() == ownNumber,
                "it says that we are number " + offer.ownNumber() + ", but we are number " + ownNumber);
        require(suites.contains(offer.suite()), "suite " + offer.suite().wireName() + " is not allowed here");
        Optional<String> objected = objection.to(offer.peerId(), PeerTerms.of(offer.terms()));
        require(objected.isEmpty(), objected.orElse(""));
        for (IpPrefix prefix : offer.peerPrefixes()) {
            require(ownPrefixes.stream().noneMatch(prefix::overlaps), "the peer's prefix " + prefix + " overlaps our own");
        }
    }
}
