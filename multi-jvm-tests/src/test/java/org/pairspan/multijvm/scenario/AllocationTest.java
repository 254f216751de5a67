package org.pairspan.multijvm.scenario;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.pairspan.cli.lab.LabProcess;
import org.pairspan.cli.lab.ManagementClient;
import org.pairspan.cli.lab.Site;
import org.pairspan.multijvm.harness.ClassHistogram;
import org.pairspan.multijvm.harness.Installation;
import org.pairspan.multijvm.harness.PacedStream;
import org.pairspan.multijvm.harness.Scenario;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

/**
 * At full load the data thread of a node allocates nothing, and its heap does not grow. {@code -Dpairspan.load-seconds=60} sets for how long
 * (6 otherwise).
 */
@Scenario
@Isolated
@Timeout(300)
class AllocationTest {

    private static final int SECONDS = Integer.getInteger("pairspan.load-seconds", 6);
    /** The longest a compiler may take on a busy machine; what it has not compiled yet may allocate what it later need not. */
    private static final int WARM_UP_LIMIT_SECONDS = 30;
    /** Code that the compiler takes back and compiles again is interpreted meanwhile, and that allocates. It ends; a leak would not. */
    private static final int ATTEMPTS = 4;
    private static final String DATA_THREAD = "data";
    /** What a timer or a renewal of keys may take in that time; a packet's share of it is far below a byte. */
    private static final long BYTES_A_PACKET_LIMIT = 1;
    private static final long SETTLED = 1024;
    private static final long HEAP_GROWTH_LIMIT = 4 << 20;

    private final Installation installation;

    AllocationTest(Installation installation) {
        this.installation = installation;
    }

    @Test
    void theDataThreadAllocatesNothingAtFullLoad() throws Exception {
        final Site siteA = installation.lab().siteA();
        final Site siteB = installation.lab().siteB();
        try (PacedStream stream = PacedStream.start(siteA.namespace(), siteB.namespace(), new InetSocketAddress(siteB.address(), 0), Long.MAX_VALUE)) {
            String why = "";
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                warmUp();
                final Observed sender = new Observed(siteA, installation.nodeA());
                final Observed receiver = new Observed(siteB, installation.nodeB());
                final long before = stream.bytes();
                pause(SECONDS);
                System.out.printf("AllocationTest: %d MiB of TCP in %d s%n", stream.bytes() - before >> 20, SECONDS);
                why = sender.growth() + receiver.growth();
                stream.check();
                if (why.isEmpty()) {
                    return;
                }
            }
            fail(why);
        }
    }

    /** A node at one moment, to be compared with a later one. */
    private final class Observed {
        private final String id;
        private final ManagementClient management;
        private final ClassHistogram classes;
        private final long heap;
        private final long allocated;
        private final long packets;

        Observed(Site site, LabProcess node) {
            id = site.memberId();
            management = installation.managementOf(site, node);
            classes = new ClassHistogram(management.classHistogram());
            heap = management.heapAfterCollection();
            packets = packets();
            allocated = management.allocatedBytes(DATA_THREAD);
        }

        /** What has grown, or nothing. */
        String growth() {
            final long taken = management.allocatedBytes(DATA_THREAD) - allocated;
            final long passed = packets() - packets;
            final long growth = management.heapAfterCollection() - heap;
            final List<String> grown = new ClassHistogram(management.classHistogram()).growthSince(classes, 5);
            System.out.printf("AllocationTest: %s: %d packets, %d bytes allocated by the data thread, heap %+d bytes, classes %s%n", id, passed, taken,
                growth, grown);
            assertTrue(passed > 1000, () -> id + ": only " + passed + " packets passed");
            final boolean flat = taken < BYTES_A_PACKET_LIMIT * passed && growth < HEAP_GROWTH_LIMIT;
            return flat ? "" : id + ": " + taken + " bytes allocated for " + passed + " packets, heap " + growth + " bytes: " + grown + '\n';
        }

        private long packets() {
            final Map<String, Object> bean = management.read("type=Node,*").values().iterator().next();
            return (Long) bean.get("PacketsOut") + (Long) bean.get("PacketsIn");
        }
    }

    /** Until neither data thread has allocated anything worth mentioning for a second. */
    private void warmUp() {
        final List<ManagementClient> nodes = List.of(installation.managementOf(installation.lab().siteA(), installation.nodeA()),
            installation.managementOf(installation.lab().siteB(), installation.nodeB()));
        long before = 0;
        long now = Long.MAX_VALUE / 2;
        for (int second = 0; second < WARM_UP_LIMIT_SECONDS && Math.abs(now - before) > SETTLED; second++) {
            before = now;
            pause(1);
            now = nodes.stream().mapToLong(node -> node.allocatedBytes(DATA_THREAD)).sum();
        }
    }

    private static void pause(int seconds) {
        final long end = System.nanoTime() + seconds * 1_000_000_000L;
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }
}
