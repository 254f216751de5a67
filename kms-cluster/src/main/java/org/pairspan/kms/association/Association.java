package org.pairspan.kms.association;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongConsumer;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.pairspan.kms.cluster.ClusterMessage;
import org.pairspan.kms.pairkey.PairId;

/**
 * Allocates the generations of one pair's security association. Which incarnation of each member has the newest one is stored before
 * that generation leaves; {@link Generation#after} holds the rule.
 */
public final class Association extends EventSourcedBehavior<Demand, Generation, Generation> {

    private static final String TYPE_NAME = "association";
    private static final EntityTypeKey<Demand> TYPE = EntityTypeKey.create(Demand.class, TYPE_NAME);
    private static final int SNAPSHOT_EVERY = 20;

    private final PairId own;
    private final LongConsumer persistLatency;
    private final InstantSource clock;

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

    private Association(PairId own, LongConsumer persistLatency, InstantSource clock) {
        super(PersistenceId.of(TYPE_NAME, own.entityId()),
                SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(3), 0.2));
        this.own = own;
        this.persistLatency = persistLatency;
        this.clock = clock;
    }

    /** The behaviour of one pair's association. */
    static Behavior<Demand> create(PairId pair, LongConsumer persistLatency, InstantSource clock) {
        return new Association(pair, persistLatency, clock);
    }

    /**
     * Makes the entity known to sharding on this server.
     *
     * @param persistLatency told how long each change took to be stored, ns
     * @param clock          the time of day; see {@link Generation#after}
     */
    public static void init(ClusterSharding sharding, LongConsumer persistLatency, InstantSource clock) {
        sharding.init(Entity.of(TYPE, context -> create(PairId.parse(context.getEntityId()), persistLatency, clock)));
    }

    /** The entity of a pair. */
    public static EntityRef<Demand> of(ClusterSharding sharding, PairId pair) {
        return sharding.entityRefFor(TYPE, pair.entityId());
    }

    @Override
    public Generation emptyState() {
        return null;
    }

    @Override
    public CommandHandler<Demand, Generation, Generation> commandHandler() {
        return newCommandHandlerBuilder().forAnyState()
                .onCommand(Demand.class, this::onDemand)
                .build();
    }

    private Effect<Generation, Generation> onDemand(Generation newest, Demand demand) {
        if (!own.equals(demand.pair())) {
            return Effect().none().thenRun(() -> demand.replyTo().tell(new Misdirected(own.entityId())));
        }
        Generation next = Generation.after(newest, demand, clock.instant());
        boolean fresh = newest == null || newest.number() != next.number();
        Allocated reply = new Allocated(next.number(), next.keyVersion(), next.suite(), fresh, next.handsAnewTo(demand.peer(), newest));
        if (next.equals(newest)) {
            return Effect().none().thenRun(() -> demand.replyTo().tell(reply));
        }
        long before = System.nanoTime();
        return Effect().persist(next).thenRun(() -> {
            persistLatency.accept(System.nanoTime() - before);
            demand.replyTo().tell(reply);
        });
    }

    @Override
    public EventHandler<Generation, Generation> eventHandler() {
        return newEventHandlerBuilder().forAnyState()
                .onEvent(Generation.class, (state, event) -> event)
                .build();
    }

    /** The events stay: their unique numbers in the journal are what refuses a server that was cut off and writes late. */
    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(SNAPSHOT_EVERY, 1);
    }
}
