package org.pairspan.kms.issue;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.pairspan.kms.association.Association;
import org.pairspan.kms.association.Demand;
import org.pairspan.kms.audit.AuditAllowance;
import org.pairspan.kms.audit.AuditLog;
import org.pairspan.kms.audit.AuditRecord;
import org.pairspan.kms.cluster.Standing;
import org.pairspan.kms.directory.Directory;
import org.pairspan.kms.directory.MemberEntry;
import org.pairspan.kms.issue.Answer.Granted;
import org.pairspan.kms.issue.Answer.Refused;
import org.pairspan.kms.observe.ServiceCounters;
import org.pairspan.kms.pairkey.PairId;
import org.pairspan.kms.pairkey.PairKey;
import org.pairspan.kms.pairkey.VersionCommand;
import org.pairspan.kms.policy.PairPolicy;
import org.pairspan.kms.policy.PolicyDecision;
import org.pairspan.kms.presence.Handout;
import org.pairspan.kms.presence.LinkPush;
import org.pairspan.kms.presence.LinkedMember;
import org.pairspan.kms.presence.LinkedMembers;
import org.pairspan.kms.presence.MemberPresence;
import org.pairspan.kms.presence.Push;
import org.pairspan.kms.rate.RateLimit;
import org.pairspan.kms.rate.RateLimits;
import org.pairspan.kms.revocation.RevokedMembers;
import org.pairspan.protocol.keyservice.Refusal.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a key request through the service:
 *
 * <pre>
 * directory, or the links of this server: whose address? → policy: may the two talk? → pair key, made where there is none → is the peer connected, as which process?
 *   → association: which generation → audit record → peer installs it → answer
 * </pre>
 *
 * Every step is bounded in time. What the service cannot do now is answered with UNAVAILABLE: the member asks again, and finds what this
 * attempt already stored.
 */
public final class KeyIssuer {

    private static final Logger LOG = LoggerFactory.getLogger(KeyIssuer.class);
    /**
     * How often a pair may have its generation replaced on demand. Each time is a durable write and a push to the other member, which must
     * not be kept busy; a few in a row are normal, when both ends restart or search for each other.
     */
    private static final RateLimit A_FEW = new RateLimit(5, Duration.ofSeconds(1));
    private static final int PAIRS_REMEMBERED = 100_000;

    private final ActorSystem<?> system;
    private final ClusterSharding sharding;
    private final PairPolicy policy;
    private final AuditLog audit;
    private final Refusals refusals;
    private final ServiceCounters counters;
    private final Duration requestTimeout;
    private final Duration installTimeout;
    private final TimeLimit limit;
    private final InstantSource clock;
    private final RevokedMembers revoked;
    private final PeersHere peersHere;
    private final KnownKeys known;
    private final Standing standing;
    private final RateLimits<PairId> renewals = new RateLimits<>(A_FEW, PAIRS_REMEMBERED, System::nanoTime);
    private final RateLimits<PairId> repairs = new RateLimits<>(A_FEW, PAIRS_REMEMBERED, System::nanoTime);

    /**
     * @param policy         who may talk to whom
     * @param refusals       how many records of refusals a member may cause
     * @param requestTimeout longest time to an answer
     * @param installTimeout of it, longest wait for the peer
     * @param clock          for audit records
     * @param revoked        members that have lost their right to keys
     * @param linked         members that are connected to this server
     */
    public KeyIssuer(ActorSystem<?> system, PairPolicy policy, AuditLog audit, AuditAllowance refusals, ServiceCounters counters,
            Duration requestTimeout, Duration installTimeout, InstantSource clock, RevokedMembers revoked, LinkedMembers linked) {
        this.system = system;
        this.sharding = ClusterSharding.get(system);
        this.policy = policy;
        this.audit = audit;
        this.refusals = new Refusals(refusals, clock);
        this.counters = counters;
        this.requestTimeout = requestTimeout;
        this.installTimeout = installTimeout;
        limit = new TimeLimit(system, requestTimeout);
        this.clock = clock;
        this.revoked = revoked;
        peersHere = new PeersHere(linked, revoked);
        known = new KnownKeys(revoked::has);
        revoked.listen(revocation -> known.forget(revocation.memberId()));
        standing = Standing.of(system);
    }

    /** Answers a request. Never fails; the stage completes within the request timeout. */
    public CompletionStage<Answer> issue(Requester requester, Wanted wanted) {
        counters.requests.increment();
        if (!standing.holds()) {
            Answer refused = cutOff();
            count(refused);
            return CompletableFuture.completedStage(refused);
        }
        return limit.on(CompletableFuture.completedFuture(peersHere.find(wanted)).thenCompose(peer -> peer
                        .map(here -> decide(requester, here.entry(), here, wanted)).orElseGet(() -> search(requester, wanted))))
                .exceptionally(failure -> unavailable(requester, failure))
                // Asked once more: this server may have been frozen while it worked on the answer.
                .thenApply(answer -> standing.holds() ? answer : cutOff())
                .whenComplete((answer, never) -> count(answer));
    }

    private Answer cutOff() {
        return new Refused(Reason.UNAVAILABLE, standing.trouble());
    }

    private CompletionStage<Answer> search(Requester requester, Wanted wanted) {
        return find(wanted).thenCompose(reply -> switch (reply) {
            case Directory.NotFound none -> refusals.refuse(requester, null, Reason.UNKNOWN_PEER, "no member owns it");
            case Directory.FoundRevoked gone -> refusals.refuse(requester, gone.memberId(), Reason.MEMBER_REVOKED, "its owner is revoked");
            case Directory.Found found -> decide(requester, found.entry(), null, wanted);
        });
    }

    private CompletionStage<Directory.FindReply> find(Wanted wanted) {
        EntityRef<Directory.Command> directory = Directory.of(sharding);
        return wanted.peerAddress() == null
                ? directory.ask(replyTo -> new Directory.FindByNumber(wanted.peerNumber(), replyTo), requestTimeout)
                : directory.ask(replyTo -> new Directory.FindByAddress(wanted.peerAddress(), replyTo), requestTimeout);
    }

    /** @param here where the peer is connected to this server, else null */
    private CompletionStage<Answer> decide(Requester requester, MemberEntry peer, LinkedMember here, Wanted wanted) {
        MemberEntry own = requester.entry();
        if (revoked.has(own.id())) {
            return refusals.refuse(requester, peer.id(), Reason.MEMBER_REVOKED, "you are revoked");
        }
        if (peer.id().equals(own.id())) {
            return refusals.refuse(requester, peer.id(), Reason.SELF, "it is your own");
        }
        return switch (policy.decide(own.id(), peer.id())) {
            case PolicyDecision.Allowed allowed -> allocate(requester, peer, here, wanted, allowed.common(own.suites(), peer.suites()));
            case PolicyDecision.Denied denied -> refusals.refuse(requester, peer.id(), Reason.POLICY_DENIED, "the key service's policy does not allow it",
                    ": " + denied.reason());
            // Without an audit record, as for all that is not possible now.
            case PolicyDecision.Undecided undecided -> {
                LOG.debug("a key request of {} waits: {}", own.id(), undecided.why());
                yield CompletableFuture.completedStage(new Refused(Reason.UNAVAILABLE, "not possible now, ask again"));
            }
        };
    }

    private CompletionStage<Answer> allocate(Requester requester, MemberEntry peer, LinkedMember here, Wanted wanted,
            List<Integer> common) {
        MemberEntry own = requester.entry();
        if (common.isEmpty()) {
            return refusals.refuse(requester, peer.id(), Reason.NO_COMMON_SUITE, "no suite that both members and the service allow");
        }
        PairId pair = PairId.of(own.id(), peer.id());
        if (wanted.aboveGeneration() > 0 && !renewals.admits(pair)) {
            // Without an audit record: nothing was handed out, and records must not be had so cheaply.
            return CompletableFuture.completedStage(new Refused(Reason.UNAVAILABLE, "renewed too often, ask again later"));
        }
        return keyOf(pair).thenCombine(here == null ? whereIs(peer.id())
                : CompletableFuture.completedStage(new MemberPresence.Located(here.incarnation(), here.link())), (key, located) -> {
            Long peerIncarnation = located.link() == null ? null : Long.valueOf(located.incarnation());
            return Association.of(sharding, pair)
                    .<Association.Reply>ask(replyTo -> new Demand(pair, own.id(), requester.incarnation(), peerIncarnation,
                            wanted.aboveGeneration(), key.version(), common, replyTo), requestTimeout)
                    .thenCompose(reply -> keyFor(pair, key, allocated(reply))
                            .thenCompose(valid -> grant(requester, peer, valid, allocated(reply), located, wanted)));
        }).thenCompose(answer -> answer);
    }

    private CompletionStage<PairKey.Key> keyOf(PairId pair) {
        PairKey.Key seen = known.get(pair);
        return seen == null ? askForKey(pair, replyTo -> new PairKey.GetOrCreate(pair, replyTo)) : CompletableFuture.completedStage(seen);
    }

    /** Which version is in use, the association says; the key follows a moment later. */
    private CompletionStage<PairKey.Key> keyFor(PairId pair, PairKey.Key current, Association.Allocated allocated) {
        return current.version() == allocated.keyVersion() ? CompletableFuture.completedStage(current)
                : askForKey(pair, replyTo -> new VersionCommand.Get(pair, allocated.keyVersion(), replyTo));
    }

    private CompletionStage<PairKey.Key> askForKey(PairId pair, Function<ActorRef<PairKey.Reply>, PairKey.Command> question) {
        return PairKey.of(sharding, pair).<PairKey.Reply>ask(question::apply, requestTimeout)
                .thenApply(reply -> switch (reply) {
                    case PairKey.Key key -> {
                        known.put(pair, key);
                        yield key;
                    }
                    case PairKey.Unavailable none -> throw new IllegalStateException(none.why());
                    case PairKey.Misdirected other -> throw misdirected(pair, other.entityId());
                });
    }

    private static Association.Allocated allocated(Association.Reply reply) {
        return switch (reply) {
            case Association.Allocated allocated -> allocated;
            case Association.Misdirected other -> throw new IllegalStateException("a demand reached the association " + other.entityId());
        };
    }

    private static IllegalStateException misdirected(PairId pair, String entityId) {
        return new IllegalStateException("a question to the pair key " + pair + " reached " + entityId);
    }

    /** Where the peer is; a peer that cannot be found in time counts as not connected. */
    private CompletionStage<MemberPresence.Located> whereIs(String member) {
        return MemberPresence.of(sharding, member)
                .<MemberPresence.Located>ask(replyTo -> new MemberPresence.Locate(member, replyTo), installTimeout)
                .exceptionally(failure -> new MemberPresence.Located(0, null));
    }

    private CompletionStage<Answer> grant(Requester requester, MemberEntry peer, PairKey.Key key, Association.Allocated allocated,
            MemberPresence.Located located, Wanted wanted) {
        MemberEntry own = requester.entry();
        PairId pair = PairId.of(own.id(), peer.id());
        if (allocated.fresh()) {
            counters.generations.increment();
        }
        CompletionStage<Void> recorded = audit.write(record(requester, AuditRecord.Event.KEY_REQUEST, peer, allocated, "granted"));
        if (allocated.peerIsDue() || isRepair(pair, allocated, located, wanted)) {
            AuditRecord install = new AuditRecord(clock.instant(), AuditRecord.Event.INSTALL, peer.id(), own.id(),
                    allocated.keyVersion(), allocated.generation(), null, "sent");
            // Both at once: the log keeps their order, and writes them together.
            recorded = recorded.thenCombine(audit.write(install), (granted, sent) -> sent)
                    .thenCompose(done -> install(located, handout(pair, peer, own, key, allocated)));
        }
        return recorded.thenApply(done -> new Granted(handout(pair, own, peer, key, allocated)));
    }

    /** The asker has the version in use and asks all the same: it meets packets under an older one. So its peer is told again (KS-8). */
    private boolean isRepair(PairId pair, Association.Allocated allocated, MemberPresence.Located located, Wanted wanted) {
        return wanted.heldVersion() > 0 && wanted.heldVersion() == allocated.keyVersion() && located.link() != null
                && repairs.admits(pair);
    }

    private static Handout handout(PairId pair, MemberEntry own, MemberEntry peer, PairKey.Key key, Association.Allocated allocated) {
        return new Handout(pair, own.number(), peer, key.sealed(), key.version(), allocated.generation(), allocated.suite());
    }

    /** Completes when the peer has installed it, or has been waited for long enough: it can also ask by itself. */
    private CompletionStage<Void> install(MemberPresence.Located located, Handout handout) {
        return AskPattern.<LinkPush, Push.Outcome>ask(located.link(), replyTo -> new Push(located.incarnation(), handout, replyTo),
                        installTimeout, system.scheduler())
                .exceptionally(failure -> new Push.Outcome(false, "no answer"))
                .thenAccept(outcome -> {
                    (outcome.installed() ? counters.installs : counters.failedInstalls).increment();
                    if (!outcome.installed()) {
                        LOG.info("association of {} generation {} not installed at the asker's peer: {}", handout.pair(),
                                handout.generation(), outcome.reason());
                    }
                });
    }

    private AuditRecord record(Requester requester, AuditRecord.Event event, MemberEntry peer, Association.Allocated allocated,
            String result) {
        return new AuditRecord(clock.instant(), event, requester.entry().id(), peer.id(), allocated.keyVersion(),
                allocated.generation(), requester.from(), result);
    }

    private static Answer unavailable(Requester requester, Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof TimeoutException) {
            LOG.info("a key request of {} took too long: {}", requester.entry().id(), cause.getMessage());
        } else if (cause instanceof IOException) {
            // A disk or a database that is away fails every request meanwhile: a line each is enough.
            LOG.warn("a key request of {} failed: {}", requester.entry().id(), cause.getMessage());
        } else {
            LOG.warn("a key request of {} failed", requester.entry().id(), cause);
        }
        return new Refused(Reason.UNAVAILABLE, "not possible now, ask again");
    }

    private void count(Answer answer) {
        switch (answer) {
            case Granted granted -> counters.grants.increment();
            case Refused refused -> counters.refused(refused.reason());
        }
    }
}
