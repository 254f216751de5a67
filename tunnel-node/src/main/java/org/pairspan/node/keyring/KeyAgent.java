package org.pairspan.node.keyring;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;
import org.pairspan.node.keyring.Associations.Held;
import org.pairspan.node.keyring.DemandQueue.Demand;
import org.pairspan.node.keyring.Reply.Answer;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.keyservice.KeyStep;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control thread of the keys: turns what the data thread demands into questions to the key service, and what the key service
 * says, asked or unasked, into associations of the data plane. Everything happens in {@link #doWork()} on one thread; other
 * threads only leave events.
 */
final class KeyAgent implements Agent, KeyService.Listener {
    /** How long "no member owns this address" holds. */
    static final Duration FORGET = Duration.ofSeconds(5);
    /** A demand for a peer that was installed so recently was made before the data thread saw the association. */
    static final Duration SETTLING = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(KeyAgent.class);

    /** Something that another thread reports. */
    interface Event {
        void happened(long nowNs);
    }

    private final NanoClock clock;
    private final KeyService keyService;
    private final DataPlane dataPlane;
    private final DemandQueue demands;
    private final Associations associations;
    private final OpenQuestions questions;
    private final PushedAssociations pushes;
    private final PolicyReviews reviews;
    private final NumberGate numberGate;
    private final Runnable wakeUp;
    private final Queue<Event> events = new ConcurrentLinkedQueue<>();

    KeyAgent(NanoClock clock, KeyService keyService, DataPlane dataPlane, DemandQueue demands, Associations associations,
            OpenQuestions questions, PolicyReviews.Reviewer reviewer, Runnable wakeUp) {
        this.clock = clock;
        this.keyService = keyService;
        this.dataPlane = dataPlane;
        this.demands = demands;
        this.associations = associations;
        this.questions = questions;
        this.wakeUp = wakeUp;
        pushes = new PushedAssociations(associations, this::report);
        reviews = new PolicyReviews(reviewer, associations, new Consequences(), this::report);
        numberGate = new NumberGate(number -> associations.of(number).isPresent(), clock.nanoTime());
    }

    @Override
    public String roleName() {
        return "keys";
    }

    @Override
    public int doWork() {
        long nowNs = clock.nanoTime();
        int work = 0;
        for (Event event = events.poll(); event != null; event = events.poll()) {
            event.happened(nowNs);
            work++;
        }
        associations.settle();
        work += demands.drain(demand -> onDemand(demand, nowNs));
        associations.closeAgain();
        work += reviews.doWork(nowNs);
        work += questions.askDue(nowNs, this::ask);
        return work;
    }

    @Override
    public void onLinkUp(int ownNumber) {
        report(nowNs -> {
            questions.askAllNow(nowNs);
            reviews.onLinkUp();
        });
    }

    @Override
    public void onInstall(AssociationOffer offer, KeyService.InstallReply reply) {
        pushes.install(offer, reply);
    }

    @Override
    public void onPrepare(AssociationOffer offer, KeyService.InstallReply reply) {
        pushes.prepare(offer, reply);
    }

    @Override
    public void onStep(KeyStep step, KeyService.InstallReply reply) {
        pushes.step(step, reply);
    }

    @Override
    public void onPolicy(long version) {
        report(nowNs -> reviews.onPolicy(version, nowNs));
    }

    @Override
    public void onRevoked(List<Integer> memberNumbers) {
        report(nowNs -> memberNumbers.forEach(number -> {
            if (associations.of(number).isPresent()) {
                LOG.warn("Member number {} is revoked: what is shared with it is closed", number);
            }
            associations.step(new AssociationChange.Close(number));
        }));
    }

    private void report(Event event) {
        events.add(event);
        wakeUp.run();
    }

    private void onDemand(Demand demand, long nowNs) {
        switch (demand) {
            case Demand.PeerOf(byte[] address) -> onPeerOf(address, nowNs);
            case Demand.PeerNumbered(int number) -> onPeerNumbered(number, nowNs);
            case Demand.Renew(int number, long aboveGeneration) -> onRenew(number, aboveGeneration, nowNs);
            case Demand.Left(int number, long generation) -> onLeft(number, generation);
        }
    }

    private void onPeerOf(byte[] address, long nowNs) {
        IpPrefix owned;
        try {
            owned = IpPrefix.ofBytes(address, address.length * Byte.SIZE);
        } catch (IllegalArgumentException e) {
            LOG.debug("No member can own an address asked for: {}", e.getMessage());
            dataPlane.peerUnknown(address, FORGET);
            return;
        }
        Target target = new Target.Owner(owned);
        if (questions.isOpen(target)) {
            // Kept fresh, without a look at all peers for each packet that waits for the answer.
            questions.want(target, 0, nowNs);
            return;
        }
        Optional<Held> held = associations.covering(owned);
        boolean settling = held.isPresent() && nowNs - held.get().sinceNs() < SETTLING.toNanos();
        if (!settling) {
            questions.want(target, Math.max(held.map(Held::generation).orElse(0L), associations.spent(target)), nowNs);
        }
    }

    private void onPeerNumbered(int number, long nowNs) {
        Target target = new Target.Numbered(number);
        boolean possible = number >= 1 && number <= Target.Numbered.MAX;
        if (possible && !questions.isOpen(target) && numberGate.admits(number, nowNs)) {
            questions.want(target, associations.spent(target), nowNs);
        }
    }

    private void onRenew(int number, long aboveGeneration, long nowNs) {
        boolean renewed = associations.of(number).filter(held -> held.generation() > aboveGeneration).isPresent();
        if (!renewed) {
            Target target = new Target.Numbered(number);
            questions.want(target, Math.max(aboveGeneration, associations.spent(target)), nowNs);
        }
    }

    private void onLeft(int number, long generation) {
        associations.of(number).filter(held -> held.generation() <= generation).ifPresent(held -> {
            LOG.info("{} has not been heard for long: what is shared with it is closed until one of us wants the other", held.peerId());
            associations.withdraw(number);
        });
    }

    private void ask(Target target, long aboveGeneration) {
        keyService.ask(target, aboveGeneration, associations.heldVersion(target))
                .whenComplete((answer, failure) -> report(nowNs -> onAnswer(target, answer, failure, nowNs)));
    }

    private void onAnswer(Target target, Answer answer, Throwable failure, long nowNs) {
        switch (answer) {
            case null -> {
                LOG.debug("No answer about {}: {}", target, failure.toString());
                questions.askLater(target, nowNs);
            }
            case Reply.Granted(AssociationOffer offer) -> onGranted(target, offer, nowNs);
            case Reply.Refused refusal -> onRefused(target, refusal, nowNs);
        }
    }

    private void onGranted(Target target, AssociationOffer offer, long nowNs) {
        try {
            requireAnswerTo(target, offer);
            Held held = associations.take(offer, nowNs);
            boolean reachable = !(target instanceof Target.Owner(IpPrefix address)) || held.covers(address);
            if (held.generation() <= questions.aboveGeneration(target)) {
                questions.askLater(target, nowNs);
            } else if (!reachable) {
                // The peer's prefixes have grown since this generation was installed; only a new one can carry them.
                questions.want(target, Math.max(held.generation(), associations.spent(target)), nowNs);
                questions.askLater(target, nowNs);
            } else {
                questions.close(target);
                held.installed().whenComplete((installed, failure) -> report(laterNs -> logOutcome(held, failure)));
            }
        } catch (OfferException e) {
            LOG.warn("The key service granted {} for {}, which is refused: {}", offer, target, e.getMessage());
            giveUp(target, nowNs);
        } finally {
            offer.destroy();
        }
    }

    private static void requireAnswerTo(Target target, AssociationOffer offer) throws OfferException {
        boolean fits = switch (target) {
            case Target.Owner(IpPrefix address) -> offer.peerPrefixes().stream().anyMatch(prefix -> prefix.contains(address));
            case Target.Numbered(int number) -> offer.peerNumber() == number;
        };
        if (!fits) {
            throw new OfferException("it is with another member than the one asked for");
        }
    }

    private void onRefused(Target target, Reply.Refused refusal, long nowNs) {
        switch (refusal.reason()) {
            case UNAVAILABLE -> {
                LOG.debug("The key service can't say now who is {}: {}", target, refusal.detail());
                questions.askLater(target, nowNs);
            }
            case UNKNOWN_PEER, SELF, MEMBER_REVOKED -> {
                LOG.debug("The key service has no key with {}: {}", target, refusal.reason());
                giveUp(target, nowNs);
            }
            case POLICY_DENIED, NO_COMMON_SUITE -> {
                LOG.info("The key service allows no key with {}: {}", target, refusal.reason());
                heldFor(target).ifPresent(held -> associations.withdraw(held.peerNumber()));
                giveUp(target, nowNs);
            }
            default -> {
                LOG.warn("The key service refuses a key with {}: {} {}", target, refusal.reason(), refusal.detail());
                giveUp(target, nowNs);
            }
        }
    }

    private Optional<Held> heldFor(Target target) {
        return switch (target) {
            case Target.Owner(IpPrefix address) -> associations.covering(address);
            case Target.Numbered(int number) -> associations.of(number);
        };
    }

    /** What follows from a change of the policy. */
    private final class Consequences implements PolicyReviews.Consequences {
        @Override
        public void denied(Held held, long nowNs) {
            associations.withdraw(held.peerNumber());
        }

        @Override
        public void changed(Held held, long nowNs) {
            onRenew(held.peerNumber(), held.generation(), nowNs);
        }
    }

    private void giveUp(Target target, long nowNs) {
        questions.close(target);
        switch (target) {
            case Target.Owner(IpPrefix address) -> dataPlane.peerUnknown(address.address(), FORGET);
            case Target.Numbered(int number) -> numberGate.close(number, FORGET, nowNs);
        }
    }

    static void logOutcome(Held held, Throwable failure) {
        if (failure == null) {
            LOG.info("Association with {} is there: generation {}, key version {}", held.peerId(), held.generation(), held.keyVersion());
        } else {
            LOG.warn("The association with {} was not taken: generation {}, {}", held.peerId(), held.generation(), failure.toString());
        }
    }
}
