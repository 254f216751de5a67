package org.pairspan.kms.cluster;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.PoisonPill;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds how long the streams between servers may take to end when the system ends. Pekko's transport (Artery over TLS, as of 1.7) aborts
 * them and then waits until each has ended, without a limit, before it gives its port back; the rest of the system waits for the transport.
 * The abort reaches the control streams of both directions at once. Where the inbound one ends first, it has the outbound one complete
 * instead of fail; its TLS stage ignores a completion until the other server closes the connection, which has no reason to. About one in
 * ten stops of a server that had joined another thus held the system and the port for good. Streams that are overdue end with the actors
 * that run them.
 */
final class OverdueStreams {

    /** Streams that end by themselves do so within milliseconds; before, the transport waits a second at most for its last messages. */
    static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger(OverdueStreams.class);
    /** Parent of all actors that run streams of the transport. */
    private static final String STREAMS = "/system/Materializers";

    private OverdueStreams() {
    }

    /**
     * Has the streams of this system ended for it where they are overdue. To be called once, when it starts.
     *
     * @param patience from the beginning of the system's end
     */
    static void endWith(ActorSystem<?> system, Duration patience) {
        CoordinatedShutdown.get(system).addTask(CoordinatedShutdown.PhaseActorSystemTerminate(), "overdue-streams", () -> {
            system.scheduler().scheduleOnce(patience, () -> end(system), system.executionContext());
            return CompletableFuture.completedStage(Done.getInstance());
        });
    }

    private static void end(ActorSystem<?> system) {
        if (!system.getWhenTerminated().toCompletableFuture().isDone()) {
            LOG.warn("the streams between key servers do not end: they are broken off");
            Adapter.toClassic(system).actorSelection(STREAMS).tell(PoisonPill.getInstance(), ActorRef.noSender());
        }
    }
}
