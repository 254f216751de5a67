package org.pairspan.kms.update;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.japi.function.Function;
import org.pairspan.kms.association.Generation;
import org.pairspan.kms.association.UpdateSteps;
import org.pairspan.kms.audit.Actor;
import org.pairspan.kms.audit.AuditLog;
import org.pairspan.kms.audit.AuditRecord;
import org.pairspan.kms.audit.AuditRecord.Event;
import org.pairspan.kms.directory.Directory;
import org.pairspan.kms.directory.MemberEntry;
import org.pairspan.kms.pairkey.PairId;
import org.pairspan.kms.pairkey.PairKey;
import org.pairspan.kms.pairkey.VersionCommand;
import org.pairspan.kms.policy.PairPolicy;
import org.pairspan.kms.policy.PolicyDecision;
import org.pairspan.kms.presence.Handout;
import org.pairspan.kms.presence.LinkPush;
import org.pairspan.kms.presence.MemberPresence;
import org.pairspan.kms.presence.Push;
import org.pairspan.protocol.keyservice.KeyStep;

/** Takes the steps of updates on a key server: finds members, has them told, has keys made and retired, and records each step first. */
public final class UpdateMessenger implements UpdateSteps {

    private static final Push.Outcome NO_ANSWER = new Push.Outcome(false, null);

    private final ActorSystem<?> system;
    private final ClusterSharding sharding;
    private final AuditLog audit;
    private final InstantSource clock;
    private final Actor actor;
    private final Duration patience;
    private final PairPolicy policy;

    /**
     * @param policy   who may share keys
     * @param server   this server's name, for audit records
     * @param patience how long a member has to acknowledge a step, and an entity to answer
     */
    public UpdateMessenger(ActorSystem<?> system, PairPolicy policy, AuditLog audit, InstantSource clock, String server, Duration patience) {
        this.system = system;
        this.sharding = ClusterSharding.get(system);
        this.policy = policy;
        this.audit = audit;
        this.clock = clock;
        this.actor = Actor.server(server);
        this.patience = patience;
    }

    @Override
    public CompletionStage<Ready> begin(PairId pair) {
        return isRevoked(pair).thenCompose(revoked -> {
            requireAllowed(pair, revoked);
            return locate(pair.low()).thenCombine(locate(pair.high()), (low, high) -> {
                requireConnected(pair.low(), low);
                requireConnected(pair.high(), high);
                return key(pair, true, 0).thenApply(key -> new Ready(key.version(), low.incarnation(), high.incarnation()));
            }).thenCompose(ready -> ready);
        });
    }

    /** No key is made that could not be handed out. */
    private void requireAllowed(PairId pair, boolean revoked) {
        if (revoked) {
            throw new NotAllowedException("a member is revoked");
        }
        switch (policy.decide(pair.low(), pair.high())) {
            case PolicyDecision.Allowed allowed -> { }
            case PolicyDecision.Denied denied -> throw new NotAllowedException(denied.reason());
            case PolicyDecision.Undecided undecided -> throw new NotReadyException("the policy is not known: " + undecided.why());
        }
    }

    private static void requireConnected(String member, MemberPresence.Located located) {
        if (located.link() == null) {
            throw new NotReadyException(member + " is not connected");
        }
    }

    @Override
    public CompletionStage<Outcome> towards(String member, Step step, Generation next) {
        return isRevoked(next.pair())
                .thenCompose(revoked -> revoked ? CompletableFuture.completedStage(Outcome.REVOKED) : reach(member, step, next))
                .exceptionally(failure -> Outcome.REFUSED);
    }

    /** Asked before anything is said or recorded: there is no end to an update of a pair that a revoked member has to acknowledge. */
    private CompletionStage<Boolean> isRevoked(PairId pair) {
        return find(pair.low()).thenCombine(find(pair.high()),
                (low, high) -> low instanceof Directory.FoundRevoked || high instanceof Directory.FoundRevoked);
    }

    private CompletionStage<Outcome> reach(String member, Step step, Generation next) {
        Long meant = member.equals(next.pair().low()) ? next.lowIncarnation() : next.highIncarnation();
        return locate(member).thenCompose(located -> {
            if (located.link() == null) {
                return CompletableFuture.completedStage(Outcome.AWAY);
            }
            if (located.incarnation() != meant) {
                return gone(member, step, next);
            }
            return tell(member, step, next, located).thenApply(outcome ->
                    outcome.installed() ? Outcome.DONE : outcome == NO_ANSWER ? Outcome.AWAY : Outcome.REFUSED);
        });
    }

    /** What the step is about went with the process that had it; the log says so, as it says what was sent. */
    private CompletionStage<Outcome> gone(String member, Step step, Generation next) {
        return step == Step.PREPARE ? CompletableFuture.completedStage(Outcome.OTHER_PROCESS)
                : record(member, step, next, "not sent: the member has started again").thenApply(done -> Outcome.OTHER_PROCESS);
    }

    private CompletionStage<Void> record(String member, Step step, Generation next, String result) {
        return audit.write(new AuditRecord(clock.instant(), event(step), actor, member, peerOf(member, next), next.keyVersion(), next.number(), null, result));
    }

    private static String peerOf(String member, Generation next) {
        return member.equals(next.pair().low()) ? next.pair().high() : next.pair().low();
    }

    private CompletionStage<Push.Outcome> tell(String member, Step step, Generation next, MemberPresence.Located located) {
        String peer = peerOf(member, next);
        CompletionStage<Void> recorded = record(member, step, next, "sent");
        return recorded.thenCompose(done -> entry(peer)).thenCompose(peerEntry -> step == Step.PREPARE
                ? entry(member).thenCombine(key(next.pair(), false, next.keyVersion()), (own, key) -> push(located, replyTo ->
                        new LinkPush.Prepare(located.incarnation(), new Handout(next.pair(), own.number(), peerEntry, key.sealed(),
                                key.version(), next.number(), next.suite()), replyTo))).thenCompose(outcome -> outcome)
                : push(located, replyTo -> new LinkPush.Step(located.incarnation(), wire(step).getNumber(), peerEntry.number(), next.number(),
                        next.keyVersion(), replyTo)));
    }

    private CompletionStage<Push.Outcome> push(MemberPresence.Located located, Function<ActorRef<Push.Outcome>, LinkPush> message) {
        return AskPattern.<LinkPush, Push.Outcome>ask(located.link(), message, patience, system.scheduler())
                .exceptionally(failure -> NO_ANSWER);
    }

    @Override
    public CompletionStage<Boolean> connectsWithin(String member, Duration time) {
        return MemberPresence.of(sharding, member)
                .<MemberPresence.Located>ask(replyTo -> new MemberPresence.AwaitLink(member, replyTo), time)
                .handle((located, late) -> late == null);
    }

    @Override
    public CompletionStage<Void> activateKey(PairId pair, int version) {
        return changed(pair, version, replyTo -> new VersionCommand.Activate(pair, version, replyTo));
    }

    @Override
    public CompletionStage<Void> retireKey(PairId pair, int version) {
        return changed(pair, version, replyTo -> new VersionCommand.Retire(pair, version, replyTo));
    }

    private CompletionStage<Void> changed(PairId pair, int version, Function<ActorRef<VersionCommand.Done>, PairKey.Command> question) {
        return PairKey.of(sharding, pair).<VersionCommand.Done>ask(question, patience).thenAccept(done -> {
            if (!done.done()) {
                throw new IllegalStateException("the key of " + pair + " cannot change its version " + version);
            }
        });
    }

    private CompletionStage<PairKey.Key> key(PairId pair, boolean next, int version) {
        return PairKey.of(sharding, pair).<PairKey.Reply>ask(replyTo -> next ? new VersionCommand.Prepare(pair, replyTo)
                : new VersionCommand.Get(pair, version, replyTo), patience).thenApply(reply -> switch (reply) {
                    case PairKey.Key key -> key;
                    case PairKey.Unavailable none -> throw new IllegalStateException(none.why());
                    case PairKey.Misdirected other -> throw new IllegalStateException("a question to the pair key " + pair + " reached "
                            + other.entityId());
                });
    }

    private CompletionStage<MemberEntry> entry(String member) {
        return find(member).thenApply(reply -> switch (reply) {
            case Directory.Found found -> found.entry();
            case Directory.FoundRevoked gone -> throw new IllegalStateException(member + " is revoked");
            case Directory.NotFound none -> throw new IllegalStateException("the directory does not know " + member);
        });
    }

    private CompletionStage<Directory.FindReply> find(String member) {
        return Directory.of(sharding).ask(replyTo -> new Directory.FindById(member, replyTo), patience);
    }

    private CompletionStage<MemberPresence.Located> locate(String member) {
        return MemberPresence.of(sharding, member)
                .<MemberPresence.Located>ask(replyTo -> new MemberPresence.Locate(member, replyTo), patience)
                .exceptionally(failure -> new MemberPresence.Located(0, null));
    }

    private static Event event(Step step) {
        return switch (step) {
            case PREPARE -> Event.KEY_PREPARED;
            case ACTIVATE -> Event.KEY_ACTIVATED;
            case RETIRE -> Event.KEY_RETIRED;
            case ROLL_BACK -> Event.KEY_ROLLED_BACK;
        };
    }

    private static KeyStep.Step wire(Step step) {
        return switch (step) {
            case PREPARE -> throw new IllegalArgumentException("a key is prepared by an association");
            case ACTIVATE -> KeyStep.Step.ACTIVATE;
            case RETIRE -> KeyStep.Step.RETIRE;
            case ROLL_BACK -> KeyStep.Step.ROLL_BACK;
        };
    }
}
