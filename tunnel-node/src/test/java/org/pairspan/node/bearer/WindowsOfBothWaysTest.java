package org.pairspan.node.bearer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.aeron.driver.CongestionControl;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.pairspan.node.association.PeerAssociations;
import org.pairspan.protocol.rtt.RttMeasurement;

/** Two nodes that both always have something to send, through a line of 100 Mbit/s each way; a step is a millisecond. */
class WindowsOfBothWaysTest {
    private static final int KIB = 1024;
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int BYTES_PER_MS = 12_500;
    private static final long PATH_NS = MS;

    private final RttMeasurement measured = new RttMeasurement();
    private final ArrayDeque<long[]> measurements = new ArrayDeque<>();
    private final Way there = new Way();
    private final Way back = new Way();
    private long nowNs = -5;

    @Test
    void queuesThatBothKeepStandingMakeNeitherWindowGrow() {
        learn(PATH_NS);
        for (int step = 0; step < 300_000; step++) {
            nowNs += MS;
            there.step(back);
            back.step(there);
            if (step % 100 == 0) {
                long ns = PATH_NS + there.queueNs() + back.queueNs();
                measurements.add(new long[] {nowNs + ns, ns});
            }
            while (!measurements.isEmpty() && measurements.peek()[0] - nowNs <= 0) {
                learn(measurements.poll()[1]);
            }
        }
        assertEquals(256, there.path.window / KIB);
        assertEquals(256, back.path.window / KIB);
    }

    private void learn(long ns) {
        measured.onSample(ns, nowNs);
        there.peer.roundTrip(measured.minimumNs(), measured.smoothedNs());
        back.peer.roundTrip(measured.minimumNs(), measured.smoothedNs());
    }

    /** One direction, seen by the node where it ends. */
    private final class Way {
        final PeerAssociations peer = PeerPair.install(PeerPair.database(), 1, 2, PeerPair.SOMEWHERE, 1);
        final PeerPath path = new PeerPath(peer, PeerLabel.of(peer.peerNumber(), 0), 1500, 63_360);
        private final ReceiverWindow window = new ReceiverWindow(path, 1, 8 << 20, 16 << 20);
        private final ArrayDeque<long[]> confirmations = new ArrayDeque<>();
        private long sent = window.initialWindowLength();
        private long came;

        long queueNs() {
            return (sent - came) * MS / BYTES_PER_MS;
        }

        void step(Way other) {
            came = Math.min(sent, came + BYTES_PER_MS);
            int granted = CongestionControl.receiverWindowLength(window.onTrackRebuild(nowNs, came, 0, 0, 0, 0, false));
            confirmations.add(new long[] {nowNs + PATH_NS + other.queueNs(), came + granted, granted});
            while (!confirmations.isEmpty() && confirmations.peek()[0] - nowNs <= 0) {
                long[] confirmation = confirmations.poll();
                sent = Math.max(sent, confirmation[1]);
                other.path.granted = (int) confirmation[2];
            }
        }
    }
}
