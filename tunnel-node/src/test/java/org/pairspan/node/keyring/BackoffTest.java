package org.pairspan.node.keyring;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final long SEED = 7;

    @Test
    void pausesDoubleUpToTheLongestAndLieBetweenHalfAndWhole() {
        Backoff backoff = new Backoff(100, 1_000, new Random(SEED));
        for (long step : new long[] {100, 200, 400, 800, 1_000, 1_000}) {
            assertWithin(step, backoff.nextNs());
        }
    }

    @Test
    void aSuccessBringsTheFirstPauseBack() {
        Backoff backoff = new Backoff(100, 1_000, new Random(SEED));
        backoff.nextNs();
        backoff.nextNs();
        backoff.reset();
        assertWithin(100, backoff.nextNs());
    }

    private static void assertWithin(long step, long pause) {
        assertTrue(pause >= step / 2 && pause <= step, "seed " + SEED + ": pause " + pause + " in step " + step);
    }
}
