package org.pairspan.multijvm.fault;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.pairspan.cli.lab.LabAccess;
import org.pairspan.multijvm.harness.Installation;
import org.pairspan.multijvm.harness.KeyCluster;
import org.pairspan.multijvm.harness.OwnKeyServers;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Everything that may go wrong with three key servers on PostgreSQL, at random, under load; {@code -Dpairspan.fault-seconds=600} for how long,
 * {@code -Dpairspan.seed=N} repeats the choices of an earlier run.
 */
@OwnKeyServers
@Timeout(1800)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterFaultsTest {

    private static final Duration HOW_LONG = Duration.ofSeconds(Integer.getInteger("pairspan.fault-seconds", 25));
    private static final long SEED = Long.getLong("pairspan.seed", new SecureRandom().nextInt(1_000_000));
    private static final int MEMBERS = 24;
    /**
     * Of a member that asks. Without one they take all that the machine has, as they may in a long run; a short one leaves the other scenarios that run
     * beside it their part.
     */
    private static final Duration PAUSE = HOW_LONG.toSeconds() > 60 ? Duration.ZERO : Duration.ofMillis(100);
    private static final int LONGEST_FAULT_MS = 14_000;
    private static final int SHORTEST_FAULT_MS = 500;
    /** To a new pair's key, while a majority works: the time to take over a server's pairs and for members to find another server. */
    private static final Duration SERVED_WITHIN = Duration.ofSeconds(20);
    /** A member's wait for a key while servers come and go in order: to find another server, and for the pair to be handed over. */
    private static final Duration WITHOUT_OUTAGE = Duration.ofSeconds(5);
    private static final int ADDED = 4;
    private static final Duration WHOLE_WITHIN = Duration.ofSeconds(120);

    private KeyCluster cluster;
    private Watched watched;

    @BeforeAll
    void startsTheClusterAndTheLoad() throws Exception {
        assumeTrue(LabAccess.find() == LabAccess.DIRECT, "needs root: network namespaces");
        Installation.needs("nft");
        System.out.println("ClusterFaultsTest: -Dpairspan.seed=" + SEED);
        cluster = KeyCluster.start();
        watched = new Watched(cluster, MEMBERS, SEED, PAUSE);
        watched.load().awaitAnswers(MEMBERS, SERVED_WITHIN);
    }

    @AfterAll
    void endsThem() throws Exception {
        if (watched != null) {
            watched.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    /** As an upgrade does it: each is stopped, replaced and started again before the next. */
    @Test
    @Order(1)
    void allServersAreReplacedOneAfterAnotherAndMembersGetTheirKeysMeanwhile() throws Exception {
        try (ServiceWatch watch = new ServiceWatch(watched.load())) {
            for (final int number : cluster.numbers()) {
                cluster.stopServer(number);
                cluster.startServer(number);
            }
            cluster.makeWhole(WHOLE_WITHIN);
            assertShorter(WITHOUT_OUTAGE, watch.stop());
        }
        assertEquals(List.of(), watched.book().contradictions());
    }

    @Test
    @Order(2)
    void aServerIsAddedAndAnotherRemovedWhileMembersAreServed() throws Exception {
        try (ServiceWatch watch = new ServiceWatch(watched.load())) {
            cluster.startServer(ADDED);
            cluster.makeWhole(WHOLE_WITHIN);
            cluster.removeServer(ADDED);
            cluster.makeWhole(WHOLE_WITHIN);
            assertShorter(WITHOUT_OUTAGE, watch.stop());
        }
        assertEquals(List.of(), watched.book().contradictions());
    }

    @Test
    @Order(3)
    void noFaultLosesAKeyTellsTwoOrHidesOneFromTheAudit() throws Exception {
        final Random random = new Random(SEED);
        final Deque<Fault> faults = new ArrayDeque<>();
        final long start = System.nanoTime();
        while (System.nanoTime() - start < HOW_LONG.toNanos()) {
            if (faults.isEmpty()) {
                faults.addAll(Fault.oneOfEach(random));
            }
            suffer(faults.remove(), Duration.ofMillis(random.nextInt(SHORTEST_FAULT_MS, LONGEST_FAULT_MS)));
        }
        assertEquals(List.of(), watched.verdict(SERVED_WITHIN), "seed " + SEED);
    }

    private void suffer(Fault fault, Duration howLong) throws Exception {
        final long begun = System.nanoTime();
        fault.begin().accept(cluster);
        String served = "";
        try {
            if (fault.majorityServes()) {
                watched.load().newPair(SERVED_WITHIN);
                served = "a new pair was served after %.1f s, ".formatted(seconds(begun));
            }
            LockSupport.parkNanos(howLong.toNanos() - (System.nanoTime() - begun));
        } finally {
            fault.end().accept(cluster);
        }
        final long mended = System.nanoTime();
        final List<String> ended = cluster.makeWhole(WHOLE_WITHIN);
        watched.load().newPair(SERVED_WITHIN);
        System.out.printf("  %s for %.1f s: %swhole again %.1f s after its end%s%n", fault.name(), (mended - begun) / 1e9, served, seconds(mended),
            ended.isEmpty() ? "" : "; started again: " + ended);
        assertEquals(List.of(), watched.book().contradictions(), "seed " + SEED + ", " + fault.name());
    }

    private static void assertShorter(Duration limit, Duration longest) {
        assertTrue(longest.compareTo(limit) < 0, () -> "seed " + SEED + ": a member waited " + longest.toMillis() + " ms");
    }

    private static double seconds(long sinceNs) {
        return (System.nanoTime() - sinceNs) / 1e9;
    }
}
