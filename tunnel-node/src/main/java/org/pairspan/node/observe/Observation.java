package org.pairspan.node.observe;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.agrona.concurrent.NanoClock;
import org.pairspan.node.keyring.KeyServiceStatus;
import org.pairspan.runtime.jmx.ManagedBeans;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows a running node over JMX, on a thread of its own. */
public final class Observation implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Observation.class);
    private static final Duration REFRESH = Duration.ofMillis(500);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final ManagedBeans beans = new ManagedBeans();
    private final ScheduledExecutorService refresher;

    /**
     * Shows it until {@link #close}.
     *
     * @param node       what does not change of it.
     * @param telemetry  of its data plane.
     * @param keyService how the link to the key service fares.
     * @param clock      that the telemetry's times are of.
     */
    public Observation(NodeDescription node, NodeTelemetry telemetry, Supplier<KeyServiceStatus> keyService, NanoClock clock) {
        refresher = Executors.newSingleThreadScheduledExecutor(task -> Thread.ofPlatform().name("observe").daemon().unstarted(task));
        beans.register(new NodeBean(node, telemetry, keyService, clock), "Node", node.id());
        PeerBeans peers = new PeerBeans(beans, clock);
        refresher.scheduleWithFixedDelay(() -> refresh(peers, telemetry), 0, REFRESH.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        refresher.shutdownNow();
        try {
            if (!refresher.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("The thread 'observe' did not end within {}", CLOSE_TIMEOUT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        beans.close();
    }

    private static void refresh(PeerBeans peers, NodeTelemetry telemetry) {
        try {
            peers.show(telemetry.peers());
        } catch (RuntimeException e) {
            LOG.error("The peers can't be shown over JMX", e);
        }
    }
}
