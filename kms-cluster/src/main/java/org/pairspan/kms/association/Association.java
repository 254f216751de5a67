package org.pairspan.kms.association;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.ToLongFunction;
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
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.pairspan.kms.cluster.ClusterMessage;
import org.pairspan.kms.cluster.Fence;
import org.pairspan.kms.pairkey.PairId;

/**
 * Allocates the generations of one pair's security association, and leads the update of the pair's key (KS-8): one place decides about
 * both, so that no generation is ever given under a version that is not in use. Which incarnation of each member has the newest
 * generation is stored before that generation leaves; {@link Generation#after} holds the rule. Every step of an update is stored before
 * it is taken; {@link UpdateLead} holds the order of the steps.
 */
public final class Association extends EventSourcedBehavior<Association.Command, AssociationEvent, AssociationState> {

    private static final String TYPE_NAME = "association";
    private static final EntityTypeKey<Command> TYPE = EntityTypeKey.create(Command.class, TYPE_NAME);
    private static final int SNAPSHOT_EVERY = 20;

    private final PairId own;
    private final Parts parts;
    private final UpdateLead lead;

    /** What an association is told and asked. */
    public sealed interface Command permits Demand, UpdateCommand {
    }

    /** Answer to a {@link Demand}. */
    public sealed interface Reply extends ClusterMessage {
    }

    /**
     * The generation the asker may use.
     *
     * @param fresh      it was allocated for this demand
     * @param peerIsDue  this demand recorded it as handed to the peer's running incarnation: it must be sent there now
     */
    public record Allocated(long generation, int keyVersion, int suite, boolean fresh, boolean peerIsDue) implements Reply {
    }

    /** The demand reached the entity of another pair; nothing was done. */
    public record Misdirected(String entityId) implements Reply {
    }

    /**
     * What associations work with on their server.
     *
     * @param persistLatency told how long each change took to be stored, ns
     * @param clock          the time of day; see {@link Generation#after}
     * @param steps          takes the steps of updates
     * @param timing         of updates
     * @param worn           told of a pair whose key should be updated because it was used enough
     */
    public record Parts(LongConsumer persistLatency, InstantSource clock, UpdateSteps steps, UpdateTiming timing, Consumer<PairId> worn) {
    }

    /**
     * Limits of updates.
     *
     * @param grace          how long the version before still opens packets, once both members send under the new one
     * @param again          pause before a step that was not acknowledged is taken again; it doubles, up to 32 times as long
     * @param mostGenerations of a pair: a version that this many generations were derived from has been used enough
     */
    public record UpdateTiming(Duration grace, Duration again, ToLongFunction<PairId> mostGenerations) {
    }

    private Association(PairId own, Parts parts, UpdateLead lead) {
        super(PersistenceId.of(TYPE_NAME, own.entityId()),
                SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(3), 0.2));
        this.own = own;
        this.parts = parts;
        this.lead = lead;
    }

    /** The behaviour of one pair's association. */
    static Behavior<Command> create(PairId pair, Parts parts) {
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new Association(pair, parts, new UpdateLead(pair, parts, context, timers))));
    }

    /** Makes the entity known to sharding on this server. */
    public static void init(ClusterSharding sharding, Parts parts) {
        sharding.init(Entity.of(TYPE, context -> Fence.around(create(PairId.parse(context.getEntityId()), parts))));
    }

    /** The entity of a pair. */
    public static EntityRef<Command> of(ClusterSharding sharding, PairId pair) {
        return sharding.entityRefFor(TYPE, pair.entityId());
    }

    @Override
    public AssociationState emptyState() {
        return AssociationState.EMPTY;
    }

    @Override
    public CommandHandler<Command, AssociationEvent, AssociationState> commandHandler() {
        return newCommandHandlerBuilder().forAnyState()
                .onCommand(Demand.class, this::onDemand)
                .onCommand(UpdateCommand.class, this::onUpdate)
                .build();
    }

    private Effect<AssociationEvent, AssociationState> onDemand(AssociationState state, Demand demand) {
        if (!own.equals(demand.pair())) {
            return Effect().none().thenRun(() -> demand.replyTo().tell(new Misdirected(own.entityId())));
        }
        Generation newest = state.newest();
        Generation next = Generation.after(newest, state.last(), demand, parts.clock().instant());
        boolean fresh = newest == null || newest.number() != next.number();
        Allocated reply = new Allocated(next.number(), next.keyVersion(), next.suite(), fresh, next.handsAnewTo(demand.peer(), newest));
        List<AssociationEvent> events = state.judge(next);
        if (events.isEmpty()) {
            return Effect().none().thenRun(() -> demand.replyTo().tell(reply));
        }
        long before = System.nanoTime();
        return Effect().persist(events).thenRun(after -> {
            parts.persistLatency().accept(System.nanoTime() - before);
            demand.replyTo().tell(reply);
            if (state.isPreparing() && after.update() == null) {
                lead.givenUp(state.update(), "a member needed another generation meanwhile");
            }
            if (after.derived() >= parts.timing().mostGenerations().applyAsLong(own) && after.update() == null) {
                parts.worn().accept(own);
            }
        });
    }

    private Effect<AssociationEvent, AssociationState> onUpdate(AssociationState state, UpdateCommand command) {
        List<AssociationEvent> events = lead.decide(state, command);
        return events.isEmpty() ? Effect().none() : Effect().persist(events).thenRun(after -> lead.proceed(state, after));
    }

    @Override
    public EventHandler<AssociationState, AssociationEvent> eventHandler() {
        return newEventHandlerBuilder().forAnyState()
                .onEvent(AssociationEvent.class, AssociationState::after)
                .build();
    }

    /** An update that another server had under way goes on here. */
    @Override
    public SignalHandler<AssociationState> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), lead::resume)
                .build();
    }

    /** Before there were updates, a snapshot was the newest generation. */
    @Override
    public SnapshotAdapter<AssociationState> snapshotAdapter() {
        return new SnapshotAdapter<>() {
            @Override
            public Object toJournal(AssociationState state) {
                return state;
            }

            @Override
            public AssociationState fromJournal(Object from) {
                return AssociationState.ofSnapshot(from);
            }
        };
    }

    /** The events stay: their unique numbers in the journal are what refuses a server that was cut off and writes late. */
    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(SNAPSHOT_EVERY, 1);
    }
}
