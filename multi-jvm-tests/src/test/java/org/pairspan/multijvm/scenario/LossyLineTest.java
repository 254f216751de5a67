package org.pairspan.multijvm.scenario;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.pairspan.cli.lab.traffic.FileTransfer;
import org.pairspan.cli.lab.traffic.SampleFile;
import org.pairspan.multijvm.harness.Installation;
import org.pairspan.multijvm.harness.LineTunnel;
import org.pairspan.multijvm.harness.NumberedFlow;
import org.pairspan.multijvm.harness.Overload;
import org.pairspan.multijvm.harness.Scenario;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * A line of 20 ms there and back that loses, doubles and reorders. {@code -Dpairspan.lossy-seconds=60} sets how long the numbered packets
 * flow (3 otherwise).
 */
@Scenario
@Isolated
@Timeout(300)
class LossyLineTest {

    private static final double[] LOSSES = {0.01, 0.05};
    private static final int SECONDS = Integer.getInteger("pairspan.lossy-seconds", 3);
    private static final int PER_SECOND = 500;
    private static final int LENGTH = 900;
    private static final int PORT = 7100;
    private static final String RELIABLY = "policy.rules = [ { name = all, class = reliable } ]";

    private final Installation installation;

    @TempDir
    private Path folder;

    LossyLineTest(Installation installation) {
        this.installation = installation;
    }

    @Test
    void datagramsGetLostWithTheLineNeverTwiceAndTcpMakesUpForThem() throws Exception {
        try (LineTunnel tunnel = LineTunnel.startForLoad(installation, "")) {
            for (final double loss : LOSSES) {
                loseDatagrams(tunnel, loss);
            }
            for (final double loss : LOSSES) {
                spoil(tunnel, loss);
                transfer(tunnel, "datagram class, loss " + loss);
            }
        }
    }

    private void loseDatagrams(LineTunnel tunnel, double loss) throws Exception {
        spoil(tunnel, loss);
        final NumberedFlow.Result result = flow(tunnel);
        System.out.printf("LossyLineTest: datagram class, loss %s: %s, %s%n", loss, result, tunnel.line());
        assertEquals(0, result.doubled(), result::toString);
        assertEquals(0, result.changed(), result::toString);
        // An overtaken packet may count as lost, too.
        assertTrue(result.lost() < (2 * loss + 0.03) * result.sent(), result::toString);
        assertEquals(0, tunnel.line().spoiled(), tunnel.line()::toString);
    }

    @Test
    void inTheReliableClassEveryPacketArrivesOnceAndInOrderAndAFileWhole() throws Exception {
        try (LineTunnel tunnel = LineTunnel.startForLoad(installation, RELIABLY)) {
            for (final double loss : LOSSES) {
                carryReliably(tunnel, loss);
            }
            for (final double loss : LOSSES) {
                spoil(tunnel, loss);
                transfer(tunnel, "reliable class, loss " + loss);
            }
            becomeLonger(tunnel);
        }
    }

    // With the memory of the shorter way each loss would count as congestion, and some ten pieces would be on the way.
    private void becomeLonger(LineTunnel tunnel) throws Exception {
        spoil(tunnel, LOSSES[0]);
        tunnel.line().set("delay", "30ms");
        try (NumberedFlow flow = NumberedFlow.start(tunnel.left().site().namespace(), tunnel.right().site().namespace(),
            tunnel.right().at(PORT), LENGTH, 12 * PER_SECOND)) {
            tunnel.awaitPeer(tunnel.left(), peer -> (long) peer.get("CongestionWindow") >= 200, Duration.ofSeconds(40));
            final NumberedFlow.Result result = flow.stop(1000);
            System.out.printf("LossyLineTest: a way that became longer: %s, %s drained queues%n", result,
                tunnel.peerOf(tunnel.left()).get("QueueDrains"));
            assertTrue(result.atMostOnce(), result::toString);
            assertEquals(0, result.late(), result::toString);
        }
    }

    private void carryReliably(LineTunnel tunnel, double loss) throws Exception {
        spoil(tunnel, loss);
        final Overload overload = Overload.of(tunnel);
        final NumberedFlow.Result result = flow(tunnel);
        System.out.printf("LossyLineTest: reliable class, loss %s: %s, %s, %s retransmissions%n", loss, result, tunnel.line(),
            tunnel.peerOf(tunnel.left()).get("Retransmissions"));
        overload.assertNothingElseLost(List.of(result));
        assertEquals(0, result.late(), result::toString);
    }

    private static void spoil(LineTunnel tunnel, double loss) {
        tunnel.line().set("delay", "10ms");
        tunnel.line().set("loss", Double.toString(loss));
        tunnel.line().set("duplicate", "0.01");
        tunnel.line().set("reorder", "0.01");
        tunnel.line().set("reorder-by", "2ms");
    }

    private static NumberedFlow.Result flow(LineTunnel tunnel) throws Exception {
        try (NumberedFlow flow = NumberedFlow.start(tunnel.left().site().namespace(), tunnel.right().site().namespace(),
            tunnel.right().at(PORT), LENGTH, PER_SECOND)) {
            assertTrue(flow.awaitArrivals(PER_SECOND * SECONDS, 30_000L + 2000L * SECONDS), () -> tunnel.left().node().tail(20));
            return flow.stop(1000);
        }
    }

    private void transfer(LineTunnel tunnel, String what) throws IOException {
        final Path file = folder.resolve("file");
        final Path copy = folder.resolve("copy");
        SampleFile.create(file, 2, 7);
        try (FileTransfer transfer = FileTransfer.start(tunnel.left().site().namespace(), tunnel.right().site().namespace(), tunnel.right().at(0),
            file, copy)) {
            transfer.await(Duration.ofSeconds(60));
            System.out.println("LossyLineTest: " + what + ": " + transfer);
        }
        assertEquals(SampleFile.sha256(file), SampleFile.sha256(copy));
    }
}
