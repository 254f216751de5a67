package org.pairspan.kms.issue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Gives up what takes too long, by the actor system's timer: Java's own for futures wakes a thread when a time limit is set and again when
 * it is not needed any more. Any thread.
 */
record TimeLimit(ActorSystem<?> system, Duration limit) {

    /** The same future, which fails with a {@link TimeoutException} when the time is over. */
    <T> CompletableFuture<T> on(CompletableFuture<T> work) {
        try {
            Cancellable end = system.scheduler().scheduleOnce(limit,
                    () -> work.completeExceptionally(new TimeoutException("not done within " + limit.toMillis() + " ms")), system.executionContext());
            work.whenComplete((done, failure) -> end.cancel());
        } catch (IllegalStateException e) {
            // The system ends, and its timer has ended.
            work.completeExceptionally(e);
        }
        return work;
    }
}
