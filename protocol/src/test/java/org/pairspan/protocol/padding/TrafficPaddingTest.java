package org.pairspan.protocol.padding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrafficPaddingTest {
    private static final int CAPACITY = 1408;
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long INTERVAL = 2 * MS;

    private final List<Integer> dummies = new ArrayList<>();

    private static TrafficPadding constantRate(long nowNs) {
        return new TrafficPadding(new PaddingSettings(PaddingMode.CONSTANT_RATE, 0, INTERVAL), CAPACITY, nowNs);
    }

    private int turn(TrafficPadding padding, long nowNs) {
        return padding.doWork(nowNs, dummies::add);
    }

    @ParameterizedTest(name = "{0} of {1}: {2} bytes become {3}")
    @CsvSource({"NONE, 0, 1, 1", "NONE, 0, 1408, 1408", "MULTIPLE, 128, 1, 128", "MULTIPLE, 128, 128, 128", "MULTIPLE, 128, 129, 256",
        "MULTIPLE, 128, 1400, 1408", "MULTIPLE, 1000, 1001, 1408", "MULTIPLE, 65536, 3, 1408", "FULL, 0, 1, 1408",
        "FULL, 0, 1408, 1408", "FULL, 0, 1500, 1500", "MULTIPLE, 128, 1500, 1500"})
    void aPlaintextIsPaddedToWhatTheModeWantsAndThePathTakes(PaddingMode mode, int multiple, int length, int padded) {
        TrafficPadding padding = new TrafficPadding(new PaddingSettings(mode, multiple, 0), CAPACITY, 0);
        assertEquals(padded, padding.padTo(length));
        padding.onSent(length, padded, 0);
        assertEquals(padded - length, padding.paddingBytes());
        assertEquals(Integer.MAX_VALUE, padding.budget(0));
        assertEquals(0, turn(padding, Long.MAX_VALUE));
        assertEquals(Long.MAX_VALUE, padding.dueInNs(0));
    }

    @Test
    void itFollowsThePath() {
        TrafficPadding padding = new TrafficPadding(new PaddingSettings(PaddingMode.FULL, 0, 0), CAPACITY, 0);
        padding.capacity(1200);
        assertEquals(1200, padding.padTo(7));
    }

    @Test
    void withNothingToSayOneDummyGoesEveryInterval() {
        TrafficPadding padding = constantRate(0);
        for (long now = 0; now < 1_000 * INTERVAL; now += MS / 10) {
            turn(padding, now);
        }
        assertEquals(1_000, dummies.size());
        assertTrue(dummies.stream().allMatch(length -> length == CAPACITY));
        assertEquals(1_000, padding.dummies());
        assertEquals(1_000L * CAPACITY, padding.dummyBytes());
    }

    @Test
    void payloadTakesThePlaceOfDummiesAndIsHeldToTheRate() {
        long seed = 5;
        Random random = new Random(seed);
        TrafficPadding padding = constantRate(0);
        int real = 0;
        int[] each = new int[1_000];
        for (long now = 0; now < 1_000 * INTERVAL; now += MS / 10) {
            int before = real + dummies.size();
            if (random.nextInt(3) > 0) {
                for (int budget = padding.budget(now); budget > 0; budget--) {
                    padding.onSent(100, padding.padTo(100), now);
                    real++;
                }
            }
            turn(padding, now);
            each[(int) (now / INTERVAL)] += real + dummies.size() - before;
        }
        assertEquals(1_000, real + dummies.size());
        assertTrue(real > 0 && dummies.size() > 0);
        for (int sent : each) {
            assertEquals(1, sent, () -> "seed " + seed);
        }
    }

    @Test
    void whatCanNotWaitTakesLaterPlaces() {
        TrafficPadding padding = constantRate(0);
        for (int i = 0; i < 5; i++) {
            padding.onSent(20, padding.padTo(20), 0);
        }
        assertEquals(0, padding.budget(0));
        assertEquals(5 * INTERVAL, padding.dueInNs(0));
        assertEquals(0, turn(padding, 5 * INTERVAL - 1));
        assertEquals(1, turn(padding, 5 * INTERVAL));
    }

    @Test
    void noNumberOfThemStopsTheRateForLong() {
        TrafficPadding padding = constantRate(0);
        for (int i = 0; i < 100_000; i++) {
            padding.onSent(20, padding.padTo(20), 0);
        }
        assertEquals(TrafficPadding.MOST_AHEAD * INTERVAL, padding.dueInNs(0));
    }

    @Test
    void aThreadThatComesLateMakesUpForAFewIntervalsOnly() {
        TrafficPadding padding = constantRate(0);
        assertEquals(3, turn(padding, 2 * INTERVAL));
        assertEquals(TrafficPadding.MOST_AT_ONCE, padding.budget(1_000_000 * INTERVAL));
        assertEquals(TrafficPadding.MOST_AT_ONCE, turn(padding, 1_000_000 * INTERVAL));
        assertEquals(0, turn(padding, 1_000_000 * INTERVAL));
        assertEquals(1, turn(padding, 1_000_001 * INTERVAL));
    }

    @Test
    void aDummyThatCouldNotGoIsNotMadeUpFor() {
        TrafficPadding padding = constantRate(0);
        assertEquals(0, padding.doWork(0, length -> false));
        assertEquals(0, turn(padding, INTERVAL - 1));
        assertEquals(0, padding.dummies());
    }

    @Test
    void theClockMayPassItsLargestValue() {
        TrafficPadding padding = constantRate(Long.MAX_VALUE - INTERVAL);
        for (int i = -1; i < 9; i++) {
            assertEquals(1, turn(padding, Long.MAX_VALUE + i * INTERVAL));
        }
    }

    @Test
    void offIsOff() {
        assertFalse(new TrafficPadding(PaddingSettings.OFF, CAPACITY, 0).isOn());
        assertTrue(constantRate(0).isOn());
    }

    @ParameterizedTest
    @CsvSource({"MULTIPLE, 3, 0", "MULTIPLE, 65537, 0", "CONSTANT_RATE, 0, 9999", "CONSTANT_RATE, 0, 10000000001"})
    void settingsOutOfRangeAreRefused(PaddingMode mode, int multiple, long intervalNs) {
        assertThrows(IllegalArgumentException.class, () -> new PaddingSettings(mode, multiple, intervalNs));
    }
}
