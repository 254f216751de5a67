package org.pairspan.node.bearer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.aeron.driver.CongestionControl;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.pairspan.node.association.PeerAssociations;
import org.pairspan.protocol.rtt.RttMeasurement;

class ReceiverWindowTest {
    private static final int KIB = 1024;
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

    private final PeerAssociations peer = PeerPair.install(PeerPair.database(), 1, 2, PeerPair.SOMEWHERE, 1);
    private final PeerPath path = new PeerPath(peer, PeerLabel.of(peer.peerNumber(), 0), 1500, 63_360);
    private final ReceiverWindow window = new ReceiverWindow(path, 1, 1 << 20, 4 << 20);
    private long nowNs = -5;
    private long position;

    /** Lets so much come within a time; answers the window in KiB after it. */
    private int arrive(int bytes, long ns) {
        int parts = 100;
        for (int i = 0; i < parts; i++) {
            position += bytes / parts;
            nowNs += ns / parts;
            window.onTrackRebuild(nowNs, position, 0, 0, 0, 0, false);
        }
        return CongestionControl.receiverWindowLength(window.onTrackRebuild(nowNs, position, 0, 0, 0, 0, false)) / KIB;
    }

    @Test
    void itBeginsSmallAndStaysSoOnAShortPath() {
        assertEquals(256 * KIB, window.initialWindowLength());
        peer.roundTrip(MS / 10, MS / 10);
        assertEquals(256, arrive(100 << 20, 200 * MS));
    }

    @Test
    void onALongPathItGrowsToTwiceWhatOneRoundTripBrings() {
        peer.roundTrip(50 * MS, 50 * MS);
        int grown = arrive(1000 * KIB, 100 * MS + 2 * MS);
        assertEquals(1000, grown, 50);
        assertEquals(1024, arrive(20 << 20, 200 * MS));
        assertEquals(1024, arrive(0, 1000 * MS));
    }

    @Test
    void onceTheRoundTripIsKnownItBeginsAnew() {
        assertEquals(1024, arrive(100 << 20, 300 * MS));
        peer.roundTrip(MS, MS);
        assertEquals(256, arrive(1 << 20, 20 * MS));
    }

    @Test
    void aStreamThatReplacesAnotherBeginsWithItsWindow() {
        peer.roundTrip(50 * MS, 50 * MS);
        assertEquals(1024, arrive(20 << 20, 200 * MS));
        assertEquals(1024 * KIB, new ReceiverWindow(path, 1, 8 << 20, 4 << 20).initialWindowLength());
        assertEquals(256 * KIB, new ReceiverWindow(path, 1, 8 << 20, 512 * KIB).initialWindowLength());
        assertEquals(256 * KIB, new ReceiverWindow(path, 1, 8 << 20, 4 << 20).initialWindowLength(), "what it had on a shorter path");
    }

    @Test
    void itNeverExceedsHalfATermOrWhatIsSet() {
        assertEquals(128 * KIB, new ReceiverWindow(path, 1, 1 << 20, 256 * KIB).initialWindowLength());
        assertEquals(128 * KIB, new ReceiverWindow(path, 1, 128 * KIB, 4 << 20).maxWindowLength());
        assertEquals(128 * KIB - 1, new ReceiverWindow(path, 1, 128 * KIB, 256 * KIB).maxWindowLength(), "longer terms would be of no use");
    }

    @Test
    void whereThereMayBeAQueueItEbbsForAMomentEveryFewSeconds() {
        peer.roundTrip(MS, MS + MS / 4);
        arrive(0, MS);
        assertEquals(256, arrive(8 << 20, ReceiverWindow.EBB_INTERVAL_NS - MS));
        assertEquals(85, arrive(1 << 10, 2 * MS));
        assertEquals(85, arrive(1 << 20, 200 * MS));
        assertEquals(256, arrive(1 << 10, 3 * MS));
    }

    @Test
    void withoutAQueueItDoesNotEbb() {
        peer.roundTrip(50 * MS, 60 * MS);
        arrive(0, MS);
        assertEquals(1024, arrive(100 << 20, ReceiverWindow.EBB_INTERVAL_NS));
        assertEquals(1024, arrive(1 << 10, 2 * MS));
    }

    @Test
    void itEbbsSoonerWithThePeersWindow() {
        peer.roundTrip(MS, 2 * MS);
        path.granted = 3 << 20;
        arrive(0, MS);
        arrive(8 << 20, ReceiverWindow.EBB_INTERVAL_NS / 2);
        path.granted = 1 << 20;
        assertEquals(85, arrive(1 << 10, MS));
        assertEquals(256, arrive(1 << 10, 210 * MS), "once, not for as long as the peer's is small");
    }

    @Test
    void aQueueThatItKeepsStandingItselfNeverMakesItGrow() {
        BulkSender sender = new BulkSender(MS);
        sender.run(600_000);
        assertEquals(256, granted() / KIB);
    }

    @Test
    void aPathThatBecomesLongerGetsTheWindowThatItNeeds() {
        BulkSender sender = new BulkSender(MS);
        sender.run(60_000);
        sender.pathNs = 50 * MS;
        sender.run(25_000);
        long before = position;
        sender.run(10_000);
        assertEquals(10_000L * BulkSender.BYTES_PER_MS, position - before, 500L * BulkSender.BYTES_PER_MS);
    }

    private int granted() {
        return CongestionControl.receiverWindowLength(window.onTrackRebuild(nowNs, position, 0, 0, 0, 0, false));
    }

    /** Always has something to send, through a line of 100 Mbit/s; a step is a millisecond. */
    private final class BulkSender {
        static final int BYTES_PER_MS = 12_500;

        private final RttMeasurement measured = new RttMeasurement();
        private final long startedNs = nowNs;
        private final ArrayDeque<long[]> confirmations = new ArrayDeque<>();
        private final ArrayDeque<long[]> measurements = new ArrayDeque<>();
        private long pathNs;
        private long limit;
        private long sent;

        BulkSender(long pathNs) {
            this.pathNs = pathNs;
            limit = window.initialWindowLength();
            measured.onSample(pathNs, nowNs);
            peer.roundTrip(pathNs, pathNs);
        }

        void run(int steps) {
            for (int i = 0; i < steps; i++) {
                nowNs += MS;
                long cameBefore = position;
                position = Math.min(sent, position + BYTES_PER_MS);
                if (position > cameBefore) {
                    confirmations.add(new long[] {nowNs + pathNs, position + granted()});
                }
                while (!confirmations.isEmpty() && confirmations.peek()[0] - nowNs <= 0) {
                    limit = Math.max(limit, confirmations.poll()[1]);
                }
                sent = Math.max(sent, limit);
                measure();
            }
        }

        private void measure() {
            if ((nowNs - startedNs) / MS % 100 == 0) {
                long ns = pathNs + (sent - position) * MS / BYTES_PER_MS;
                measurements.add(new long[] {nowNs + ns, ns});
            }
            while (!measurements.isEmpty() && measurements.peek()[0] - nowNs <= 0) {
                measured.onSample(measurements.poll()[1], nowNs);
                peer.roundTrip(measured.minimumNs(), measured.smoothedNs());
            }
        }
    }
}
