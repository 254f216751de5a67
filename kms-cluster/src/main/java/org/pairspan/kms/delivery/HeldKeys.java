package org.pairspan.kms.delivery;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.SnapshotAdapter;
import org.apache.pekko.persistence.typed.SnapshotCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.pairspan.kms.cluster.ClusterMessage;
import org.pairspan.kms.cluster.Fence;
import org.pairspan.kms.pairkey.KeyErasure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that one master SAE took and its slaves have not all fetched yet. Each change is stored before it is answered, and one
 * entity decides about a master's keys, so that a key goes to each slave once, whichever servers are asked at once; but a slave that has
 * had a key may have it again for a short time, for the answer may have been lost. Keys are destroyed when every slave has had them or is
 * revoked, when their master is, or after their lifetime; their sealed bytes are then erased from the journal.
 */
public final class HeldKeys extends EventSourcedBehavior<HeldKeys.Command, HeldKeys.Event, HeldKeysState> {

    private static final String TYPE_NAME = "etsi-014-keys";
    private static final EntityTypeKey<Command> TYPE = EntityTypeKey.create(Command.class, TYPE_NAME);
    private static final Duration SWEEP_EVERY = Duration.ofSeconds(5);
    private static final int SNAPSHOT_EVERY = 20;
    private static final Logger LOG = LoggerFactory.getLogger(HeldKeys.class);

    private final String master;
    private final Limits limits;
    private final InstantSource clock;
    private final KeyErasure erasure;
    private final Predicate<String> revoked;

    /** What an entity is asked. */
    public sealed interface Command {
    }

    /** How many more keys may there be for each of these slaves? */
    public record AskRoom(String master, List<String> slaves, ActorRef<Reply> replyTo) implements Command, ClusterMessage {
    }

    /** Keep these keys for these slaves. */
    public record Store(String master, List<String> slaves, List<NamedKey> keys, ActorRef<Reply> replyTo)
            implements Command, ClusterMessage {
    }

    /** A slave wants these keys: all or none. */
    public record Take(String master, String slave, List<KeyId> keys, ActorRef<Reply> replyTo) implements Command, ClusterMessage {
    }

    /** Time to destroy what is due. */
    record Sweep() implements Command {
    }

    /** What an entity answers. */
    public sealed interface Reply extends ClusterMessage {
    }

    /** So many more; to {@link Store} where that was too few. */
    public record Room(int keys) implements Reply {
    }

    /** The keys are stored. */
    public record Stored() implements Reply {
    }

    /** The slave's, in the order it asked; {@code again} where it has had one of them before. */
    public record Taken(List<NamedKey> keys, boolean again) implements Reply {
    }

    /** At least one of the keys is not here, or not any more for this slave. */
    public record NotFound() implements Reply {
    }

    /** At least one of the keys is for other slaves only. */
    public record NotNamed() implements Reply {
    }

    /** The question reached the entity of another master; nothing was done. */
    public record Misdirected(String master) implements Reply {
    }

    /** What is in the journal. */
    public sealed interface Event extends ClusterMessage {
    }

    /** Keys for these slaves, who may have them until then, ms since 1970. */
    public record KeysStored(List<String> slaves, List<NamedKey> keys, long until) implements Event {
    }

    /** A slave has had these keys, and may have them again until then, ms since 1970. */
    public record KeysTaken(String slave, List<KeyId> keys, long until) implements Event {
    }

    /** What was due then, ms since 1970, is no more. */
    public record KeysDestroyed(long at) implements Event {
    }

    /** All keys of a master. */
    public record Snapshot(List<HeldKey> keys) implements ClusterMessage {
    }

    /**
     * How much and how long.
     *
     * @param mostForOneSlave  keys of one master that wait for one slave
     * @param mostInAll        keys of one master
     * @param lifetime         from storing to the end of what was not fetched
     * @param redeliveryWindow from a delivery to the end of the slave's right to have it again
     */
    public record Limits(int mostForOneSlave, int mostInAll, Duration lifetime, Duration redeliveryWindow) {
    }

    private HeldKeys(String master, Limits limits, InstantSource clock, KeyErasure erasure, Predicate<String> revoked) {
        super(PersistenceId.of(TYPE_NAME, master),
                SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(3), 0.2));
        this.master = master;
        this.limits = limits;
        this.clock = clock;
        this.erasure = erasure;
        this.revoked = revoked;
    }

    /** The behaviour of one master's keys. */
    static Behavior<Command> create(String master, Limits limits, InstantSource clock, KeyErasure erasure, Predicate<String> revoked) {
        return Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(new Sweep(), SWEEP_EVERY);
            return new HeldKeys(master, limits, clock, erasure, revoked);
        });
    }

    /** Makes the entity known to sharding on this server; {@code revoked} says whether a member has lost its right to keys. */
    public static void init(ClusterSharding sharding, Limits limits, InstantSource clock, KeyErasure erasure, Predicate<String> revoked) {
        sharding.init(Entity.of(TYPE, context -> Fence.around(create(context.getEntityId(), limits, clock, erasure, revoked))));
    }

    /** The entity of a master. */
    static EntityRef<Command> of(ClusterSharding sharding, String master) {
        return sharding.entityRefFor(TYPE, master);
    }

    /** What a key is sealed for, with version 1. */
    static String place(String master, KeyId id) {
        return place(master) + '|' + id;
    }

    private static String place(String master) {
        return PersistenceId.of(TYPE_NAME, master).id();
    }

    @Override
    public HeldKeysState emptyState() {
        return new HeldKeysState();
    }

    @Override
    public CommandHandler<Command, Event, HeldKeysState> commandHandler() {
        return newCommandHandlerBuilder().forAnyState()
                .onCommand(AskRoom.class, this::onAskRoom)
                .onCommand(Store.class, this::onStore)
                .onCommand(Take.class, this::onTake)
                .onCommand(Sweep.class, (state, sweep) -> onSweep(state))
                .build();
    }

    private Effect<Event, HeldKeysState> onAskRoom(HeldKeysState state, AskRoom question) {
        return answer(question.replyTo(), master.equals(question.master())
                ? new Room(state.room(question.slaves(), limits, clock.millis())) : new Misdirected(master));
    }

    private Effect<Event, HeldKeysState> onStore(HeldKeysState state, Store store) {
        if (!master.equals(store.master())) {
            return answer(store.replyTo(), new Misdirected(master));
        }
        long now = clock.millis();
        int room = state.room(store.slaves(), limits, now);
        if (room < store.keys().size()) {
            return answer(store.replyTo(), new Room(room));
        }
        return persist(new KeysStored(store.slaves(), store.keys(), now + limits.lifetime().toMillis()), store.replyTo(), new Stored());
    }

    private Effect<Event, HeldKeysState> onTake(HeldKeysState state, Take take) {
        if (!master.equals(take.master())) {
            return answer(take.replyTo(), new Misdirected(master));
        }
        long now = clock.millis();
        List<NamedKey> keys = new ArrayList<>();
        List<KeyId> firstTime = new ArrayList<>();
        boolean missing = false;
        for (KeyId id : take.keys()) {
            HeldKey key = state.get(id, now);
            if (key == null) {
                missing = true;
                continue;
            }
            Recipient recipient = key.recipient(take.slave());
            if (recipient == null) {
                return answer(take.replyTo(), new NotNamed());
            }
            missing |= recipient.until() <= now;
            keys.add(key.named());
            if (!recipient.delivered()) {
                firstTime.add(id);
            }
        }
        if (missing) {
            return answer(take.replyTo(), new NotFound());
        }
        Taken taken = new Taken(keys, firstTime.size() < keys.size());
        return firstTime.isEmpty() ? answer(take.replyTo(), taken)
                : persist(new KeysTaken(take.slave(), firstTime, now + limits.redeliveryWindow().toMillis()), take.replyTo(), taken);
    }

    /** What is due counts for nothing any more; here it goes, together, since each time takes a snapshot. */
    private Effect<Event, HeldKeysState> onSweep(HeldKeysState state) {
        return Effect().persist(state.due(master, revoked, clock.millis()));
    }

    private Effect<Event, HeldKeysState> persist(Event event, ActorRef<Reply> replyTo, Reply reply) {
        return Effect().persist(event).thenRun(() -> replyTo.tell(reply));
    }

    private Effect<Event, HeldKeysState> answer(ActorRef<Reply> replyTo, Reply reply) {
        return Effect().none().thenRun(() -> replyTo.tell(reply));
    }

    @Override
    public EventHandler<HeldKeysState, Event> eventHandler() {
        return newEventHandlerBuilder().forAnyState()
                .onEvent(KeysStored.class, HeldKeysState::store)
                .onEvent(KeysTaken.class, HeldKeysState::take)
                .onEvent(KeysDestroyed.class, HeldKeysState::destroy)
                .build();
    }

    @Override
    public SnapshotAdapter<HeldKeysState> snapshotAdapter() {
        return new SnapshotAdapter<>() {
            @Override
            public Object toJournal(HeldKeysState state) {
                return state.snapshot();
            }

            @Override
            public HeldKeysState fromJournal(Object from) {
                return HeldKeysState.of((Snapshot) from);
            }
        };
    }

    /** A snapshot without the keys that have gone, after which the events that held them can be erased. */
    @Override
    public boolean shouldSnapshot(HeldKeysState state, Event event, long sequenceNr) {
        return event instanceof KeysDestroyed;
    }

    @Override
    public SignalHandler<HeldKeysState> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(SnapshotCompleted.class, (state, completed) -> erased(erasure.erase(place(master))))
                // A server that died between snapshot and erasure left it to the next.
                .onSignal(RecoveryCompleted.instance(), state -> erased(erasure.eraseLeftOver(place(master))))
                .build();
    }

    private void erased(CompletionStage<Void> erasing) {
        erasing.whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.warn("keys of {} that are no more are still in the journal, sealed; they are erased with the next that go: {}", master,
                        failure.toString());
            }
        });
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(SNAPSHOT_EVERY, 1).withDeleteEventsOnSnapshot();
    }
}
