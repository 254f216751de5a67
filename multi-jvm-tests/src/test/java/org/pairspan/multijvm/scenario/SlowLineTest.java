package org.pairspan.multijvm.scenario;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pairspan.multijvm.harness.Installation;
import org.pairspan.multijvm.harness.LineTunnel;
import org.pairspan.multijvm.harness.PacedStream;
import org.pairspan.multijvm.harness.Scenario;

import java.net.InetSocketAddress;
import java.util.concurrent.locks.LockSupport;

import static org.junit.jupiter.api.Assertions.assertTrue;

/** On a line that is far slower than its sites, a tunnel that wants all of it takes a share, and leaves TCP beside it one, too. */
@Scenario
@Isolated
@Timeout(120)
class SlowLineTest {

    private static final long BITS_PER_SECOND = 40_000_000;
    private static final long BYTES = 12_000_000;
    /** Half of a fair share; two senders by CUBIC do not share to the byte in some seconds. */
    private static final double LEAST_SHARE = 0.25;
    private static final double LEAST_USE = 0.6;
    private static final long LIMIT_NS = 30_000_000_000L;

    private final Installation installation;

    SlowLineTest(Installation installation) {
        this.installation = installation;
    }

    @ParameterizedTest
    @ValueSource(strings = {"datagram", "reliable"})
    void neitherTheTunnelNorTcpBesideItStarves(String trafficClass) throws Exception {
        try (LineTunnel tunnel = LineTunnel.startForLoad(installation, "policy.rules = [ { name = all, class = " + trafficClass + " } ]")) {
            tunnel.line().set("delay", "5ms");
            tunnel.line().set("buffer", "200k");
            tunnel.line().set("rate", Long.toString(BITS_PER_SECOND));
            try (PacedStream inside = PacedStream.start(tunnel.left().site().namespace(), tunnel.right().site().namespace(), tunnel.right().at(0),
                    Long.MAX_VALUE);
                PacedStream beside = PacedStream.start(tunnel.left().site().namespace(), tunnel.right().site().namespace(),
                    new InetSocketAddress(tunnel.right().site().wireAddress(), 0), Long.MAX_VALUE)) {
                awaitBytes(inside, beside, 0, BYTES / 4);
                final long insideBefore = inside.bytes();
                final long besideBefore = beside.bytes();
                final long start = System.nanoTime();
                awaitBytes(inside, beside, insideBefore + besideBefore, BYTES);
                final double seconds = (System.nanoTime() - start) / 1e9;
                final double insideRate = (inside.bytes() - insideBefore) * 8 / seconds;
                final double besideRate = (beside.bytes() - besideBefore) * 8 / seconds;
                final String seen = "%s class: %.1f Mbit/s inside, %.1f beside, of %d".formatted(trafficClass, insideRate / 1e6, besideRate / 1e6,
                    BITS_PER_SECOND / 1_000_000);
                System.out.println("SlowLineTest: " + seen);
                assertTrue(insideRate + besideRate > LEAST_USE * BITS_PER_SECOND, seen);
                assertTrue(Math.min(insideRate, besideRate) > LEAST_SHARE * (insideRate + besideRate), seen);
                inside.check();
                beside.check();
            }
        }
    }

    private static void awaitBytes(PacedStream inside, PacedStream beside, long before, long more) {
        final long start = System.nanoTime();
        while (inside.bytes() + beside.bytes() - before < more) {
            assertTrue(System.nanoTime() - start < LIMIT_NS, "the line carries next to nothing");
            LockSupport.parkNanos(10_000_000);
        }
    }
}
