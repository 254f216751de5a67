package org.pairspan.multijvm.scenario;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pairspan.cli.lab.Command;
import org.pairspan.cli.lab.line.LineCounter;
import org.pairspan.multijvm.harness.Installation;
import org.pairspan.multijvm.harness.LineTunnel;
import org.pairspan.multijvm.harness.NumberedFlow;
import org.pairspan.multijvm.harness.Overload;
import org.pairspan.multijvm.harness.PacedStream;
import org.pairspan.multijvm.harness.Scenario;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A narrow place on the path swallows what is too large and tells nobody; packets of full size pass the tunnel all the same. */
@Scenario
@Timeout(180)
class PathMtuTest {

    private static final int PORT = 7400;
    private static final int FULL_PACKET = 1472;
    /** How near to the true value the search ends. */
    private static final int COARSENESS = 32;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long LOOK_AGAIN_NS = 5_000_000;
    private static final Pattern SEGMENT_SIZE = Pattern.compile("\\bmss:(\\d+)");

    private final Installation installation;

    PathMtuTest(Installation installation) {
        this.installation = installation;
    }

    @Test
    void fullPacketsPassANarrowPathWhoseWidthIsFound() throws Exception {
        final int width = 1400;
        try (LineTunnel tunnel = LineTunnel.start(installation, "")) {
            tunnel.line().set("mtu", Integer.toString(width));
            assertPasses(tunnel);
            assertFoundAndFitting(tunnel, width);
        }
    }

    @Test
    void aPathThatGetsNarrowerIsNoBlackHole() throws Exception {
        final int width = 1300;
        try (LineTunnel tunnel = LineTunnel.start(installation, "")) {
            assertPasses(tunnel);
            tunnel.awaitPeer(tunnel.left(), peer -> isNear(1500, peer), LIMIT);
            tunnel.line().set("mtu", Integer.toString(width));
            try (NumberedFlow flow = tunnel.flow(tunnel.left(), PORT, FULL_PACKET, 50)) {
                assertTrue(flow.awaitArrivals(100, LIMIT.toMillis()), () -> "nothing of full size passes: " + tunnel.line());
            }
            assertFoundAndFitting(tunnel, width);
            assertPasses(tunnel);
        }
    }

    private static void assertFoundAndFitting(LineTunnel tunnel, int width) throws Exception {
        for (final LineTunnel.End end : List.of(tunnel.left(), tunnel.right())) {
            tunnel.awaitPeer(end, peer -> isNear(width, peer), LIMIT);
        }
        assertSegmentsFit(tunnel, width);
    }

    /** Full packets both ways, none lost. */
    private static void assertPasses(LineTunnel tunnel) throws Exception {
        for (final LineTunnel.End from : List.of(tunnel.left(), tunnel.right())) {
            final Overload overload = Overload.of(tunnel);
            try (NumberedFlow flow = tunnel.flow(from, PORT, FULL_PACKET, 100)) {
                assertTrue(flow.awaitArrivals(100, LIMIT.toMillis()), () -> "nothing of full size passes: " + tunnel.line());
                final NumberedFlow.Result result = flow.stop(1000);
                overload.assertNothingElseLost(List.of(result));
            }
        }
    }

    /** TCP's segments are no larger than what passes in one piece; nothing of theirs gets lost at the narrow place. */
    private static void assertSegmentsFit(LineTunnel tunnel, int width) throws Exception {
        Installation.needs("ss");
        final long tooLarge = tunnel.line().forth(LineCounter.TOO_LARGE);
        try (PacedStream stream = PacedStream.start(tunnel.left().site().namespace(), tunnel.right().site().namespace(), tunnel.right().at(0),
            1_000_000)) {
            final long start = System.nanoTime();
            while (stream.bytes() < 500_000) {
                assertTrue(System.nanoTime() - start < LIMIT.toNanos(), () -> "TCP stands after " + stream.bytes() + " bytes");
                LockSupport.parkNanos(LOOK_AGAIN_NS);
            }
            final Command sockets = Command.run(tunnel.left().site().namespace().command(
                List.of("ss", "-Htin", "state", "established", "dport", "=", ":" + stream.port())));
            final Matcher size = SEGMENT_SIZE.matcher(sockets.output());
            assertTrue(size.find(), sockets::output);
            assertTrue(Integer.parseInt(size.group(1)) < width - 40, sockets::output);
            stream.check();
        }
        // A probe for a larger size may be lost at any time; segments would be by the hundred.
        assertEquals(tooLarge, tunnel.line().forth(LineCounter.TOO_LARGE), 5, tunnel.line()::toString);
    }

    private static boolean isNear(int width, Map<String, Object> peer) {
        final int found = (Integer) peer.get("PathMtu");
        return found <= width && found > width - COARSENESS;
    }
}
