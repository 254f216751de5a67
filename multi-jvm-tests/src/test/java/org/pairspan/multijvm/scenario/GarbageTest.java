package org.pairspan.multijvm.scenario;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.pairspan.cli.lab.Capture;
import org.pairspan.cli.lab.ManagementClient;
import org.pairspan.cli.lab.Site;
import org.pairspan.cli.lab.traffic.UdpEcho;
import org.pairspan.cli.lab.traffic.UdpProbe;
import org.pairspan.multijvm.harness.Flood;
import org.pairspan.multijvm.harness.Installation;
import org.pairspan.multijvm.harness.KernelDrops;
import org.pairspan.multijvm.harness.Scenario;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Random, mutated and replayed datagrams at a node's port. {@code -Dpairspan.garbage=10000000} sets how many (200,000 otherwise),
 * {@code -Dpairspan.garbage-rate} how many a second at most (50,000), {@code -Dpairspan.seed=N} repeats an earlier run.
 */
@Scenario
@Isolated
@Timeout(1800)
class GarbageTest {

    private static final long COUNT = Long.getLong("pairspan.garbage", 200_000);
    private static final int RATE = Integer.getInteger("pairspan.garbage-rate", 50_000);
    private static final long SEED = Long.getLong("pairspan.seed", new SecureRandom().nextInt(1_000_000));
    private static final int ECHO_PORT = 7003;
    private static final long HEAP_GROWTH_LIMIT = 8 << 20;
    /** A datagram dropped for one of these was counted when it arrived; the other reasons tell of the way out or of what was inside. */
    private static final List<String> ARRIVING = List.of("DATAGRAM_TOO_SHORT", "SPA_VERSION", "SPA_LENGTH", "SPI_UNKNOWN", "SPA_TAG",
        "REPLAYED", "ICV", "ESN_MISMATCH", "PADDING", "NEXT_HEADER", "SA_EXPIRED");

    private final Installation installation;

    @TempDir
    private Path folder;

    GarbageTest(Installation installation) {
        this.installation = installation;
    }

    @Test
    void aFloodOfGarbageIsCountedAndNothingElseHappens() throws IOException {
        System.out.println("GarbageTest: " + COUNT + " datagrams, -Dpairspan.seed=" + SEED);
        final Site siteA = installation.lab().siteA();
        final Site siteB = installation.lab().siteB();
        final InetSocketAddress bearerB = new InetSocketAddress(siteB.wireAddress(), Site.BEARER_PORT);
        final InetSocketAddress echoAddress = new InetSocketAddress(siteB.address(), ECHO_PORT);
        final ManagementClient nodeB = installation.managementOf(siteB, installation.nodeB());
        try (UdpEcho echo = UdpEcho.start(siteB.namespace(), echoAddress)) {
            final List<byte[]> captured = captureTraffic(siteA, bearerB, echoAddress, echo);
            final Flood flood = new Flood(bearerB, captured, SEED);
            flood.send(siteA.namespace(), Math.min(COUNT, 50_000), RATE);
            final long heapBefore = nodeB.heapAfterCollection();
            final int errorsBefore = errorLines();
            final long droppedBefore = arrivalDrops(nodeB);
            final long kernelBefore = KernelDrops.of(siteB.namespace());

            final Flood.Sent sent;
            final UdpProbe.Result tunnel;
            try (UdpProbe probe = UdpProbe.start(siteA.namespace(), echoAddress, Duration.ofMillis(10))) {
                assertTrue(probe.awaitAnswer(Duration.ofSeconds(10)));
                sent = flood.send(siteA.namespace(), COUNT, RATE);
                assertTrue(probe.awaitAnswer(Duration.ofSeconds(10)), "the tunnel stopped");
                tunnel = probe.stop(Duration.ofSeconds(3));
            }
            final long dropped = settledArrivalDrops(nodeB) - droppedBefore;
            final long kernel = KernelDrops.of(siteB.namespace()) - kernelBefore;
            System.out.printf("GarbageTest: %s; %d counted drops, %d dropped by the kernel; tunnel %s; drops %s%n", sent, dropped, kernel,
                tunnel, drops(nodeB));
            assertEquals(0, sent.answered(), "answers");
            // Where the kernel had no room it did not ask whose datagram it was: some of those are the tunnel's own.
            final long tunnelsOwn = dropped + kernel - sent.total();
            assertTrue(tunnelsOwn >= 0 && tunnelsOwn <= Math.min(kernel, 3L * tunnel.sent()),
                () -> sent.total() + " sent; counted by the node " + dropped + ", by the kernel " + kernel);
            assertTrue(tunnel.answered() > 0 && (kernel > 0 || tunnel.lost() == 0), tunnel::toString);
            assertEquals(errorsBefore, errorLines(), () -> String.join("\n", installation.nodeB().linesWith(" ERROR ")));
            final long growth = nodeB.heapAfterCollection() - heapBefore;
            assertTrue(growth < HEAP_GROWTH_LIMIT, () -> "the heap grew by " + growth + " bytes");
        }
    }

    private List<byte[]> captureTraffic(Site siteA, InetSocketAddress bearerB, InetSocketAddress echoAddress, UdpEcho echo) throws IOException {
        final Capture capture = Capture.start(siteA.namespace(), "wire", folder.resolve("real.pcap"));
        try (capture; UdpProbe probe = UdpProbe.start(siteA.namespace(), echoAddress, Duration.ofMillis(1))) {
            for (int i = 0; i < 200; i++) {
                assertTrue(probe.awaitAnswer(Duration.ofSeconds(10)), echo::toString);
            }
        }
        final List<byte[]> datagrams = Flood.datagramsTo(bearerB, capture.file());
        // Fewer than probes: packets that come together share a datagram.
        assertTrue(datagrams.size() >= 50, () -> datagrams.size() + " datagrams captured");
        return datagrams;
    }

    private int errorLines() {
        return installation.nodeB().linesWith(" ERROR ").size();
    }

    /** Counts move until the last datagram has been read. */
    private static long settledArrivalDrops(ManagementClient node) {
        long before = -1;
        long now = arrivalDrops(node);
        while (now != before) {
            before = now;
            now = arrivalDrops(node);
        }
        return now;
    }

    private static long arrivalDrops(ManagementClient node) {
        return drops(node).entrySet().stream().filter(drop -> ARRIVING.contains(drop.getKey())).mapToLong(drop -> (Long) drop.getValue()).sum();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> drops(ManagementClient node) {
        return (Map<String, Object>) node.read("type=Node,*").values().iterator().next().get("Drops");
    }
}
