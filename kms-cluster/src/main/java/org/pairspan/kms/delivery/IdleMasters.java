package org.pairspan.kms.delivery;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes round the masters, some in a minute, and wakes their entities: one that is awake destroys what is due and has it erased, one that nobody
 * asks for would not. One round at a time; any thread.
 */
final class IdleMasters {

    static final int AT_ONCE = 100;

    private static final Logger LOG = LoggerFactory.getLogger(IdleMasters.class);
    private static final Duration EVERY = Duration.ofMinutes(1);

    private final MasterCensus census;
    private final Consumer<String> wake;
    private volatile String last = "";

    /** @param wake is given a master */
    IdleMasters(MasterCensus census, Consumer<String> wake) {
        this.census = census;
        this.wake = wake;
    }

    /** Goes on until the actor system ends. */
    static void wakeAll(ActorSystem<?> system, MasterCensus census) {
        ClusterSharding sharding = ClusterSharding.get(system);
        IdleMasters masters = new IdleMasters(census, master ->
                HeldKeys.of(sharding, master).tell(new HeldKeys.AskRoom(master, List.of(), system.ignoreRef())));
        system.scheduler().scheduleWithFixedDelay(EVERY, EVERY, masters::wakeSome, system.executionContext());
    }

    /** Wakes the next ones; after the last the first come again. */
    CompletionStage<Void> wakeSome() {
        return census.next(last, AT_ONCE).handle((masters, failure) -> {
            if (failure != null) {
                LOG.debug("the masters are not known now: {}", failure.toString());
                return null;
            }
            masters.forEach(wake);
            last = masters.size() < AT_ONCE ? "" : masters.getLast();
            return null;
        });
    }
}
