package org.pairspan.node.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pairspan.node.keyring.AssociationChange;
import org.pairspan.node.keyring.AssociationGrant;
import org.pairspan.node.keyring.DataPlane;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.association.KeySchedule;
import org.pairspan.protocol.crypto.Suite;

/** Without a route what a site sends leaves in clear, and nothing ever asks for the peer that it is for. */
class PeerRoutesTest {
    private static final IpPrefix SITE = IpPrefix.parse("10.3.0.0/16");
    private static final IpPrefix OTHER = IpPrefix.parse("10.4.0.0/16");
    private static final IpPrefix MARK = IpPrefix.parse("10.9.0.0/16");
    private static final int A = 2;
    private static final int B = 3;
    private static final int MARKER = 9;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);

    private final KernelRoutes kernel = new KernelRoutes();
    private final PeerRoutes routes = new PeerRoutes(new DataPlane() {
        @Override
        public CompletionStage<Void> install(AssociationGrant grant) {
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<Boolean> change(AssociationChange change) {
            return CompletableFuture.completedStage(true);
        }

        @Override
        public void peerUnknown(byte[] address, Duration forget) {
            throw new AssertionError("nobody asked");
        }
    }, kernel.device(), List.of());
    private long generation;

    @AfterEach
    void close() {
        routes.close();
    }

    @Test
    void theRouteOfAPeerThatIsGoneStaysThoughAnotherHadItsPrefixMeanwhile() {
        routes.install(grant(A, SITE));
        routes.change(new AssociationChange.Close(A));
        assertRoutes(SITE);
        routes.install(grant(B, SITE));
        routes.install(grant(B, OTHER));
        assertRoutes(SITE, OTHER);
    }

    @Test
    void whatAPeerHadBeforeItWasGoneGoesWhenItComesBackWithoutIt() {
        routes.install(grant(A, SITE));
        routes.change(new AssociationChange.Close(A));
        routes.install(grant(A, OTHER));
        assertRoutes(OTHER);
    }

    @Test
    void whatWasPreparedCountsThoughItIsRolledBackUntilTheNextGrant() {
        routes.install(grant(A, SITE));
        AssociationGrant prepared = grant(A, SITE, OTHER);
        routes.change(new AssociationChange.Prepare(prepared));
        routes.change(new AssociationChange.RollBack(A, prepared.generation()));
        assertRoutes(SITE, OTHER);
        routes.install(grant(A, SITE));
        assertRoutes(SITE);
    }

    /** What is in the kernel once all that was asked for before is done: routes are set one after the other. */
    private void assertRoutes(IpPrefix... expected) {
        routes.install(grant(MARKER, MARK));
        await(true);
        Set<IpPrefix> found = new HashSet<>(kernel.routes);
        found.remove(MARK);
        routes.install(grant(MARKER));
        await(false);
        assertEquals(Set.of(expected), found);
    }

    private void await(boolean marked) {
        long start = System.nanoTime();
        while (kernel.routes.contains(MARK) != marked) {
            if (System.nanoTime() - start > PATIENCE_NS) {
                throw new AssertionError("waited too long for the routes");
            }
            Thread.onSpinWait();
        }
    }

    private AssociationGrant grant(int peer, IpPrefix... prefixes) {
        Suite suite = Suite.AES_256_GCM;
        generation++;
        return new AssociationGrant("own", 1, "peer-" + peer, peer, List.of(prefixes), new InetSocketAddress("192.0.2.2", 4710), 1, generation,
                suite, KeySchedule.derive(suite, new byte[32], "own", "peer", 1, generation),
                KeySchedule.derive(suite, new byte[32], "peer", "own", 1, generation),
                KeySchedule.preSharedKey(suite, new byte[32], "own", "peer", 1, generation));
    }
}
