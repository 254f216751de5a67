package org.pairspan.kms.pairkey;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.SnapshotCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.pairspan.kms.cluster.ClusterMessage;
import org.pairspan.kms.cluster.Fence;
import org.pairspan.kms.sealing.SealedKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key of one pair (KS-2), in its versions (KS-8): made when it is first asked for, stored sealed before it is answered. While it is
 * being made and stored other questions wait, so both members asking at once get the same key. Which version is in use is decided where
 * the pair's generations are given; this entity follows.
 */
public final class PairKey extends EventSourcedBehavior<PairKey.Command, PairKeyEvent, PairKeyState> {

    /** First version of every pair key (PW_ID of KS-8). */
    public static final int FIRST_VERSION = 1;

    private static final String TYPE_NAME = "pair-key";
    private static final Logger LOG = LoggerFactory.getLogger(PairKey.class);
    private static final EntityTypeKey<Command> TYPE = EntityTypeKey.create(Command.class, TYPE_NAME);

    private final PairId own;
    private final Parts parts;
    private final ActorContext<Command> context;
    /** Who waits for the key that is being made; other questions wait meanwhile. Null where none is made. */
    private ActorRef<Reply> making;
    /** Whether the last key could not be made: a source that is away for hours must not fill the log with every question. */
    private boolean failing;

    /** What a pair key is asked. */
    public sealed interface Command permits GetOrCreate, Locate, Made, VersionCommand {
    }

    /** The key of this pair, made where there is none. */
    public record GetOrCreate(PairId pair, ActorRef<Reply> replyTo) implements Command, ClusterMessage {
    }

    /** On which server does this entity run? */
    public record Locate(ActorRef<Location> replyTo) implements Command, ClusterMessage {
    }

    /** A key came from the source, sealed, or did not; {@code begunAt} is when it was asked for, {@link System#nanoTime()}. */
    private record Made(int version, SealedKey sealed, Throwable failure, long begunAt) implements Command {
    }

    /** Answer to a question for a key. */
    public sealed interface Reply extends ClusterMessage {
    }

    /** The pair's key, sealed for {@link #persistenceId(PairId)} and its version. */
    public record Key(int version, SealedKey sealed) implements Reply {
    }

    /** No key can be had now, and none was stored; ask again. */
    public record Unavailable(String why) implements Reply {
    }

    /** The question reached the entity of another pair; nothing was done. */
    public record Misdirected(String entityId) implements Reply {
    }

    /** Name of the server the entity runs on. */
    public record Location(String server) implements ClusterMessage {
    }

    /** The pair's first key came to be. */
    public record KeyCreated(PairId pair, int version, SealedKey sealed) implements PairKeyEvent {
    }

    /**
     * What an entity works with on its server.
     *
     * @param server         name of this server
     * @param keys           makes keys and seals them
     * @param erasure        takes retired keys out of the journal
     * @param revoked        whether a member, by its id, is known on this server to have lost its right to keys
     * @param lostVersion    highest version that the journal may have forgotten; new versions are above it
     * @param persistLatency told how long each new key took to be stored, ns
     */
    public record Parts(String server, SealedKeySource keys, KeyErasure erasure, Predicate<String> revoked, int lostVersion,
            LongConsumer persistLatency) {
    }

    private PairKey(PairId own, Parts parts, ActorContext<Command> context) {
        super(persistenceIdOf(own), SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(3), 0.2));
        this.own = own;
        this.parts = parts;
        this.context = context;
    }

    /** The behaviour of one pair's key. */
    static Behavior<Command> create(PairId pair, Parts parts) {
        return Behaviors.setup(context -> new PairKey(pair, parts, context));
    }

    /** Makes the entity known to sharding on this server. */
    public static void init(ClusterSharding sharding, Parts parts) {
        sharding.init(Entity.of(TYPE, context -> Fence.around(create(PairId.parse(context.getEntityId()), parts))));
    }

    /** The entity of a pair. */
    public static EntityRef<Command> of(ClusterSharding sharding, PairId pair) {
        return sharding.entityRefFor(TYPE, pair.entityId());
    }

    /** What the pair's keys are sealed for. */
    public static String persistenceId(PairId pair) {
        return persistenceIdOf(pair).id();
    }

    private static PersistenceId persistenceIdOf(PairId pair) {
        return PersistenceId.of(TYPE_NAME, pair.entityId());
    }

    @Override
    public PairKeyState emptyState() {
        return PairKeyState.EMPTY;
    }

    @Override
    public CommandHandler<Command, PairKeyEvent, PairKeyState> commandHandler() {
        return newCommandHandlerBuilder().forAnyState()
                .onCommand(GetOrCreate.class, this::onGetOrCreate)
                .onCommand(Made.class, this::onMade)
                .onCommand(VersionCommand.Get.class, this::onGet)
                .onCommand(VersionCommand.Prepare.class, this::onPrepare)
                .onCommand(VersionCommand.Activate.class, this::onActivate)
                .onCommand(VersionCommand.Retire.class, this::onRetire)
                .onCommand(VersionCommand.Destroy.class, this::onDestroy)
                .onCommand(Locate.class, locate -> Effect().none().thenRun(
                        () -> locate.replyTo().tell(new Location(parts.server()))))
                .build();
    }

    private Effect<PairKeyEvent, PairKeyState> onGetOrCreate(PairKeyState state, GetOrCreate request) {
        if (!own.equals(request.pair())) {
            return answer(request.replyTo(), new Misdirected(own.entityId()));
        }
        return state.current() == 0 ? make(state, request.replyTo()) : answer(request.replyTo(), key(state, state.current()));
    }

    private Effect<PairKeyEvent, PairKeyState> onGet(PairKeyState state, VersionCommand.Get request) {
        return answer(request.replyTo(), own.equals(request.pair()) ? key(state, request.version()) : new Misdirected(own.entityId()));
    }

    private Effect<PairKeyEvent, PairKeyState> onPrepare(PairKeyState state, VersionCommand.Prepare request) {
        if (!own.equals(request.pair())) {
            return answer(request.replyTo(), new Misdirected(own.entityId()));
        }
        return state.current() == 0 && !state.destroyed()
                ? answer(request.replyTo(), new Unavailable("the pair has no key yet"))
                : make(state, request.replyTo());
    }

    private Effect<PairKeyEvent, PairKeyState> make(PairKeyState state, ActorRef<Reply> replyTo) {
        if (state.destroyed() || isRevoked()) {
            return answer(replyTo, new Unavailable(state.destroyed() ? "the pair's keys are destroyed" : "a member of the pair is revoked"));
        }
        if (making != null) {
            return Effect().stash();
        }
        making = replyTo;
        int version = Math.max(state.last(), parts.lostVersion()) + 1;
        long before = System.nanoTime();
        context.pipeToSelf(parts.keys().next(own, version), (sealed, failure) -> new Made(version, sealed, failure, before));
        return Effect().none();
    }

    private Effect<PairKeyEvent, PairKeyState> onMade(PairKeyState state, Made made) {
        ActorRef<Reply> replyTo = making;
        making = null;
        if (made.failure() != null && !failing) {
            context.getLog().warn("no key for {} until its source and the audit log work again: {}", own, made.failure().toString());
        }
        if (made.failure() != null) {
            context.getLog().debug("no key for {}", own, made.failure());
        }
        failing = made.failure() != null;
        if (made.failure() != null || state.destroyed() || isRevoked()) {
            return Effect().none().thenRun(() -> replyTo.tell(new Unavailable("no key can be had now"))).thenUnstashAll();
        }
        PairKeyEvent event = state.current() == 0 ? new KeyCreated(own, made.version(), made.sealed())
                : new PairKeyEvent.Prepared(own, made.version(), made.sealed());
        return Effect().persist(event).thenRun(() -> {
            parts.persistLatency().accept(System.nanoTime() - made.begunAt());
            replyTo.tell(new Key(made.version(), made.sealed()));
        }).thenUnstashAll();
    }

    /**
     * Looked at before a key is made, and again in the moment before it is written: a request may have been under way when a member was
     * revoked, and its key would come after the search for the keys to be destroyed. What this server does not know yet in that moment, the
     * second search finds that follows each revocation ({@code update.RevokedSearch}).
     */
    private boolean isRevoked() {
        return parts.revoked().test(own.low()) || parts.revoked().test(own.high());
    }

    private Effect<PairKeyEvent, PairKeyState> onActivate(PairKeyState state, VersionCommand.Activate request) {
        if (state.current() >= request.version() || state.sealed(request.version()) == null || !own.equals(request.pair())) {
            // Where every version is gone for good, nobody waits for this one any more.
            return done(request.replyTo(), state.destroyed() || state.current() >= request.version());
        }
        return store(new PairKeyEvent.Activated(own, request.version()), request.replyTo());
    }

    private Effect<PairKeyEvent, PairKeyState> onRetire(PairKeyState state, VersionCommand.Retire request) {
        if (state.sealed(request.version()) == null || state.current() == request.version() || !own.equals(request.pair())) {
            return done(request.replyTo(), state.current() != request.version());
        }
        return store(new PairKeyEvent.Retired(own, request.version()), request.replyTo());
    }

    private Effect<PairKeyEvent, PairKeyState> onDestroy(PairKeyState state, VersionCommand.Destroy request) {
        if (!own.equals(request.pair())) {
            return done(request.replyTo(), false);
        }
        // Where they are destroyed already, whoever asks has found no snapshot that says so, and without one the keys were not erased.
        return store(new PairKeyEvent.Destroyed(own), request.replyTo());
    }

    private Effect<PairKeyEvent, PairKeyState> store(PairKeyEvent event, ActorRef<VersionCommand.Done> replyTo) {
        return Effect().persist(event).thenRun(() -> replyTo.tell(new VersionCommand.Done(true)));
    }

    private Effect<PairKeyEvent, PairKeyState> done(ActorRef<VersionCommand.Done> replyTo, boolean done) {
        return Effect().none().thenRun(() -> replyTo.tell(new VersionCommand.Done(done)));
    }

    private Effect<PairKeyEvent, PairKeyState> answer(ActorRef<Reply> replyTo, Reply reply) {
        return Effect().none().thenRun(() -> replyTo.tell(reply));
    }

    private static Reply key(PairKeyState state, int version) {
        SealedKey sealed = state.sealed(version);
        return sealed == null ? new Unavailable("there is no version " + version) : new Key(version, sealed);
    }

    @Override
    public EventHandler<PairKeyState, PairKeyEvent> eventHandler() {
        return newEventHandlerBuilder().forAnyState()
                .onEvent(PairKeyEvent.class, PairKeyState::after)
                .build();
    }

    /** A snapshot without the key that has gone, after which the events that held it can be erased. */
    @Override
    public boolean shouldSnapshot(PairKeyState state, PairKeyEvent event, long sequenceNr) {
        return event instanceof PairKeyEvent.Retired || event instanceof PairKeyEvent.Destroyed;
    }

    @Override
    public SignalHandler<PairKeyState> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(SnapshotCompleted.class, (state, completed) -> erased(parts.erasure().erase(persistenceId(own))))
                .onSignal(RecoveryCompleted.instance(), state -> {
                    // A server that died between snapshot and erasure left it to the next.
                    if (state.last() > FIRST_VERSION || state.destroyed()) {
                        erased(parts.erasure().eraseLeftOver(persistenceId(own)));
                    }
                })
                .build();
    }

    private void erased(CompletionStage<Void> erasure) {
        erasure.whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.warn("retired keys of {} still stand, sealed, in the journal: {}", own, failure.toString());
            }
        });
    }
}
