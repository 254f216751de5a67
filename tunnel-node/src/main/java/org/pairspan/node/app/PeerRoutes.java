package org.pairspan.node.app;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.pairspan.node.device.PacketDevice;
import org.pairspan.node.keyring.AssociationChange;
import org.pairspan.node.keyring.AssociationGrant;
import org.pairspan.node.keyring.DataPlane;
import org.pairspan.protocol.address.IpPrefix;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads the configured routes, and the prefixes of peers as they become known, to the device. Setting a route may take a process of
 * the system, so it happens on a thread of its own beside the data plane that it wraps.
 */
final class PeerRoutes implements DataPlane, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PeerRoutes.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final DataPlane dataPlane;
    private final List<IpPrefix> configured;
    private final ExecutorService executor =
            Executors.newSingleThreadExecutor(task -> Thread.ofPlatform().name("routes").daemon().unstarted(task));
    /** Used on the executor's thread alone. */
    private final RouteClaims claims;

    PeerRoutes(DataPlane dataPlane, PacketDevice device, List<IpPrefix> configured) {
        this.dataPlane = dataPlane;
        this.claims = new RouteClaims(device);
        this.configured = configured;
    }

    @Override
    public CompletionStage<Void> install(AssociationGrant grant) {
        route(grant);
        return dataPlane.install(grant);
    }

    @Override
    public CompletionStage<Boolean> change(AssociationChange change) {
        if (change instanceof AssociationChange.Prepare(AssociationGrant grant)) {
            route(grant);
        }
        return dataPlane.change(change);
    }

    private void route(AssociationGrant grant) {
        Set<IpPrefix> wanted = new HashSet<>(grant.peerPrefixes());
        wanted.removeIf(prefix -> configured.stream().anyMatch(route -> route.contains(prefix)));
        byte[] bearer = grant.peerBearer().getAddress().getAddress();
        if (wanted.removeIf(prefix -> prefix.contains(bearer))) {
            LOG.warn("A prefix of {} holds the address of its own bearer, {}: it gets no route, or the tunnel would run into itself",
                    grant.peerId(), grant.peerBearer().getAddress().getHostAddress());
        }
        executor.execute(() -> claims.claim(grant.peerNumber(), grant.peerId(), wanted));
    }

    @Override
    public void peerUnknown(byte[] address, Duration forget) {
        dataPlane.peerUnknown(address, forget);
    }

    @Override
    public void close() {
        executor.shutdownNow();
        try {
            if (!executor.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("The thread 'routes' did not end within {}", CLOSE_TIMEOUT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
