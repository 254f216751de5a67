package org.pairspan.kms.app;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.pairspan.kms.directory.Directory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits until the cluster has taken a key server in. */
final class ClusterEntry {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterEntry.class);
    private static final Duration PROBE_PATIENCE = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final int PROBES_PER_REPORT = 10;

    private ClusterEntry() {
    }

    /**
     * The directory answers once the shards are reachable and the journal can be read. That may be before this server is up, and only a
     * server that is up counts when the cluster looks for its majority.
     *
     * @throws IllegalStateException where the actor system ends instead
     */
    static void await(ActorSystem<?> system, String name, ClusterSharding sharding) {
        CountDownLatch up = new CountDownLatch(1);
        Cluster.get(Adapter.toClassic(system)).registerOnMemberUp(up::countDown);
        for (int attempt = 1; ; attempt++) {
            try {
                Directory.of(sharding).ask(Directory.Probe::new, PROBE_PATIENCE).toCompletableFuture().get();
                if (up.await(PROBE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            } catch (ExecutionException e) {
                LOG.debug("the directory does not answer yet: {}", e.getCause().toString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while " + name + " waited for the cluster", e);
            }
            if (endsWithin(PAUSE, system)) {
                throw new IllegalStateException("the cluster did not take in " + name + "; the log above says why");
            }
            if (attempt % PROBES_PER_REPORT == 0) {
                LOG.info("{} waits for the cluster: no seed has taken it in, or the directory does not answer", name);
            }
        }
    }

    /** A question that fails at once must not be asked again at once. */
    private static boolean endsWithin(Duration pause, ActorSystem<?> system) {
        try {
            system.getWhenTerminated().toCompletableFuture().get(pause.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException e) {
            LOG.debug("the actor system ended badly", e);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the cluster", e);
        }
    }
}
