package org.pairspan.kms.cluster;

import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before an entity: what comes from outside is not heard while the server has no {@link Standing}, because another server may be this
 * entity's owner by now. Who asked gets no answer and asks again. What the entity tells itself passes.
 */
public final class Fence extends BehaviorInterceptor<Object, Object> {

    private static final Logger LOG = LoggerFactory.getLogger(Fence.class);

    private final Standing standing;

    private Fence(Standing standing) {
        super(Object.class);
        this.standing = standing;
    }

    /** An entity that hears {@link ClusterMessage}s only while its server may answer. */
    public static <T> Behavior<T> around(Behavior<T> entity) {
        return Behaviors.setup(context -> around(Standing.of(context.getSystem()), entity));
    }

    @SuppressWarnings("unchecked")
    static <T> Behavior<T> around(Standing standing, Behavior<T> entity) {
        // The interceptor changes no message, so whatever the entity takes it takes.
        return (Behavior<T>) (Behavior<?>) Behaviors.intercept(() -> new Fence(standing), (Behavior<Object>) (Behavior<?>) entity);
    }

    @Override
    public Behavior<Object> aroundReceive(TypedActorContext<Object> context, Object message, ReceiveTarget<Object> target) {
        if (message instanceof ClusterMessage && !standing.holds()) {
            LOG.debug("{} not heard: {}", message.getClass().getSimpleName(), standing.trouble());
            return Behaviors.same();
        }
        return target.apply(context, message);
    }
}
