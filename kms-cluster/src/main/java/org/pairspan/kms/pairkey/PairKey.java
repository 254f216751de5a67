package org.pairspan.kms.pairkey;

import java.time.Duration;
import java.util.function.LongConsumer;
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
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.pairspan.kms.cluster.ClusterMessage;
import org.pairspan.kms.sealing.SealedKey;

/**
 * The key of one pair (KS-2): made when it is first asked for, stored sealed before it is answered. While it is being made and stored
 * other questions wait, so both members asking at once get the same key.
 */
public final class PairKey extends EventSourcedBehavior<PairKey.Command, PairKey.KeyCreated, PairKey.KeyCreated> {

    /** First version of every pair key (PW_ID of KS-8). */
    public static final int FIRST_VERSION = 1;

    private static final String TYPE_NAME = "pair-key";
    private static final EntityTypeKey<Command> TYPE = EntityTypeKey.create(Command.class, TYPE_NAME);

    private final PairId own;
    private final Parts parts;
    private final ActorContext<Command> context;
    /** The question a key is being made for; other questions wait meanwhile. Null where none is. */
    private GetOrCreate making;

    /** What a pair key is asked. */
    public sealed interface Command {
    }

    /** The key of this pair, made where there is none. */
    public record GetOrCreate(PairId pair, ActorRef<Reply> replyTo) implements Command, ClusterMessage {
    }

    /** On which server does this entity run? */
    public record Locate(ActorRef<Location> replyTo) implements Command, ClusterMessage {
    }

    /** A key came from the source, sealed, or did not; {@code begunAt} is when it was asked for, {@link System#nanoTime()}. */
    private record Made(SealedKey sealed, Throwable failure, long begunAt) implements Command {
    }

    /** Answer to {@link GetOrCreate}. */
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

    /** A key came to be. */
    public record KeyCreated(PairId pair, int version, SealedKey sealed) implements ClusterMessage {
    }

    /**
     * What an entity works with on its server.
     *
     * @param server         name of this server
     * @param keys           makes keys and seals them
     * @param persistLatency told how long each new key took to be stored, ns
     */
    public record Parts(String server, SealedKeySource keys, LongConsumer persistLatency) {
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
        sharding.init(Entity.of(TYPE, context -> create(PairId.parse(context.getEntityId()), parts)));
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
    public KeyCreated emptyState() {
        return null;
    }

    @Override
    public CommandHandler<Command, KeyCreated, KeyCreated> commandHandler() {
        return newCommandHandlerBuilder().forAnyState()
                .onCommand(GetOrCreate.class, this::onGetOrCreate)
                .onCommand(Made.class, (state, made) -> onMade(made))
                .onCommand(Locate.class, locate -> Effect().none().thenRun(
                        () -> locate.replyTo().tell(new Location(parts.server()))))
                .build();
    }

    private Effect<KeyCreated, KeyCreated> onGetOrCreate(KeyCreated state, GetOrCreate request) {
        if (!own.equals(request.pair())) {
            return Effect().none().thenRun(() -> request.replyTo().tell(new Misdirected(own.entityId())));
        }
        if (state != null) {
            return Effect().none().thenRun(() -> request.replyTo().tell(new Key(state.version(), state.sealed())));
        }
        if (making != null) {
            return Effect().stash();
        }
        making = request;
        long before = System.nanoTime();
        context.pipeToSelf(parts.keys().next(own, FIRST_VERSION), (sealed, failure) -> new Made(sealed, failure, before));
        return Effect().none();
    }

    private Effect<KeyCreated, KeyCreated> onMade(Made made) {
        GetOrCreate request = making;
        making = null;
        if (made.failure() != null) {
            context.getLog().error("no key for {}", own, made.failure());
            return Effect().none().thenRun(() -> request.replyTo().tell(new Unavailable("no key can be had now"))).thenUnstashAll();
        }
        return Effect().persist(new KeyCreated(own, FIRST_VERSION, made.sealed())).thenRun(() -> {
            parts.persistLatency().accept(System.nanoTime() - made.begunAt());
            request.replyTo().tell(new Key(FIRST_VERSION, made.sealed()));
        }).thenUnstashAll();
    }

    @Override
    public EventHandler<KeyCreated, KeyCreated> eventHandler() {
        return newEventHandlerBuilder().forAnyState()
                .onEvent(KeyCreated.class, (state, event) -> event)
                .build();
    }
}
