package org.pairspan.protocol.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CubicTest {
    private static final long MS = 1_000_000L;
    private static final long RTT = 20 * MS;

    private final Cubic cubic = new Cubic(4096);
    private long nowNs = 1_000_000 * MS;

    @Test
    void itDoublesEachRoundTripAtFirst() {
        assertEquals(10, cubic.window());
        assertTrue(cubic.isSlowStart());
        round(RTT);
        assertEquals(20, cubic.window());
        round(RTT);
        assertEquals(40, cubic.window());
    }

    @Test
    void itNeverGrowsWhileTheWindowIsNotTheLimit() {
        cubic.onRoundTrip(RTT, nowNs);
        cubic.onAcknowledged(1_000, nowNs, false, nowNs);
        assertEquals(10, cubic.window());
    }

    @Test
    void itNeverExceedsWhatMemoryHolds() {
        for (int i = 0; i < 20; i++) {
            round(RTT);
        }
        assertEquals(4096, cubic.window());
        assertThrows(IllegalArgumentException.class, () -> new Cubic(3));
    }

    @Test
    void aLossWithoutAQueueDoesNotCount() {
        rounds(5, RTT);
        int before = cubic.window();
        cubic.onLost(3, nowNs - 1, nowNs);
        assertEquals(before, cubic.window());
        assertEquals(0, cubic.counters().reductions());
    }

    @Test
    void aLossWithAStandingQueueCountsOncePerRoundTrip() {
        rounds(5, RTT);
        rounds(2, RTT + 5 * MS);
        int before = cubic.window();
        cubic.onLost(1, nowNs - 1, nowNs);
        assertEquals((int) (before * 0.7), cubic.window());
        assertFalse(cubic.isSlowStart());
        cubic.onLost(1, nowNs - 1, nowNs + 1);
        assertEquals(1, cubic.counters().reductions(), "sent before the cut");
        cubic.onLost(1, nowNs + 1, nowNs + 200 * MS);
        assertEquals(2, cubic.counters().reductions());
    }

    @Test
    void aSingleSlowRoundIsNoQueue() {
        rounds(5, RTT);
        round(RTT + 30 * MS);
        cubic.onLost(1, nowNs - 1, nowNs);
        assertEquals(0, cubic.counters().reductions());
    }

    @Test
    void aQueueThatStandsForFiveSecondsIsDrainedForTwoRounds() {
        rounds(5, RTT);
        int before = cubic.window();
        rounds(1 + (int) (5_000 * MS / (RTT + 5 * MS)), RTT + 5 * MS);
        int grown = cubic.window();
        assertTrue(grown >= before, "until then it grows as ever");
        round(RTT + 5 * MS);
        assertEquals(Cubic.MIN_WINDOW, cubic.window());
        round(RTT + 5 * MS);
        assertEquals(Cubic.MIN_WINDOW, cubic.window());
        assertEquals(Cubic.MIN_WINDOW, cubic.counters().window());
        round(RTT);
        assertEquals(grown, cubic.window(), grown * 0.05, "the path is what it was, so the window is too");
        assertFalse(cubic.isSlowStart());
        assertEquals(1, cubic.counters().drains());
        assertEquals(0, cubic.counters().longerPaths());
    }

    @Test
    void aPathThatHasBecomeLongerIsNoQueueForLong() {
        rounds(5, RTT);
        long longer = RTT + 30 * MS;
        for (int i = 0; i < 5_100 * MS / longer; i++) {
            round(longer);
            cubic.onLost(1, nowNs - 1, nowNs);
        }
        assertTrue(cubic.window() < 10, "as each loss counted");
        rounds(3, longer);
        assertTrue(cubic.isSlowStart(), "nothing is known of the limit of such a path");
        assertEquals(1, cubic.counters().drains());
        assertEquals(1, cubic.counters().longerPaths());
        long reductions = cubic.counters().reductions();
        for (int i = 0; i < 6; i++) {
            round(longer);
            cubic.onLost(1, nowNs - 1, nowNs);
        }
        assertEquals(reductions, cubic.counters().reductions());
        assertTrue(cubic.window() > 200);
    }

    @Test
    void afterAPauseThePathIsLearnedAnew() {
        rounds(5, RTT);
        nowNs += 6_000 * MS;
        rounds(3, RTT + 30 * MS);
        cubic.onLost(1, nowNs - 1, nowNs);
        assertEquals(0, cubic.counters().reductions());
    }

    @Test
    void moreThanATenthOfLossCountsInAnyCase() {
        rounds(5, RTT);
        cubic.onAcknowledged(200, nowNs - 1, true, nowNs);
        int before = cubic.window();
        cubic.onLost(90, nowNs - 1, nowNs);
        assertEquals((int) (before * 0.7), cubic.window());
    }

    @Test
    void afterSoMuchLossWithoutAQueueThePathIsLookedForAgain() {
        long queued = RTT + 40 * MS;
        for (int i = 0; i < 6_000 * MS / queued; i++) {
            round(queued);
        }
        assertEquals(0, cubic.counters().drains(), "the queue stood before");
        cubic.onAcknowledged(200, nowNs - 1, true, nowNs);
        cubic.onLost(900, nowNs - 1, nowNs);
        assertEquals(1, cubic.counters().reductions());
        assertEquals(Cubic.MIN_WINDOW, cubic.window());
        round(queued);
        rounds(2, RTT);
        assertEquals(0, cubic.counters().longerPaths());
        rounds(2, queued);
        cubic.onLost(1, nowNs - 1, nowNs);
        assertEquals(2, cubic.counters().reductions(), "now it is known for a queue");
    }

    @Test
    void afterACutItReturnsToWhereItWasAndGoesOnBeyond() {
        rounds(6, RTT);
        rounds(2, RTT + 5 * MS);
        int before = cubic.window();
        cubic.onLost(1, nowNs - 1, nowNs);
        double originS = Math.cbrt(before * 0.3 / 0.4);
        rounds((int) (originS * 1_000 / 20), RTT);
        assertEquals(before, cubic.window(), before * 0.05);
        rounds((int) (originS * 1_000 / 20), RTT);
        assertTrue(cubic.window() > before * 1.2);
    }

    @Test
    void aRiseOfTheDelayEndsSlowStartBeforeAnythingIsLost() {
        rounds(4, RTT);
        for (int i = 0; i < 8; i++) {
            round(RTT + (5 + i) * MS);
        }
        assertFalse(cubic.isSlowStart());
        assertEquals(0, cubic.counters().reductions());
    }

    @Test
    void persistentCongestionStartsOver() {
        rounds(6, RTT);
        int before = cubic.window();
        cubic.onPersistentCongestion(nowNs);
        assertEquals(Cubic.MIN_WINDOW, cubic.window());
        assertTrue(cubic.isSlowStart());
        rounds(20, RTT);
        assertTrue(cubic.window() > before * 0.7);
    }

    @Test
    void whateverIsReportedTheWindowKeepsItsBounds() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Cubic any = new Cubic(512);
            long now = random.nextLong();
            for (int i = 0; i < 1_000; i++) {
                now += random.nextLong(-10 * MS, 1L << random.nextInt(20, 45));
                switch (random.nextInt(8)) {
                    case 0 -> any.onLost(1 + random.nextInt(100), now - random.nextLong(100 * MS), now);
                    case 1 -> any.onPersistentCongestion(now);
                    case 2, 3 -> any.onRoundTrip(1 + random.nextLong(300 * MS), now);
                    default -> any.onAcknowledged(1 + random.nextInt(64), now - random.nextLong(100 * MS), random.nextBoolean(), now);
                }
                assertTrue(any.window() >= Cubic.MIN_WINDOW && any.window() <= 512, "seed " + seed + ": " + any.window());
            }
        }
    }

    private void rounds(int count, long rttNs) {
        for (int i = 0; i < count; i++) {
            round(rttNs);
        }
    }

    private void round(long rttNs) {
        long sentNs = nowNs;
        nowNs += rttNs;
        int pieces = cubic.window();
        for (int i = 0; i < 5; i++) {
            cubic.onRoundTrip(rttNs, nowNs);
        }
        cubic.onAcknowledged(pieces, sentNs, true, nowNs);
    }
}
