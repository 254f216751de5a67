package org.pairspan.kms.update;

/** Pauses between attempts that fail: a second, then twice as long each time, half a minute at most. One thread. */
final class Pause {

    private static final long FIRST_MS = 1_000;
    private static final long LONGEST_MS = 30_000;
    private static final int MOST_DOUBLINGS = 5;

    private int failures;

    /** How long to wait now that an attempt has failed, ms. */
    long nextMs() {
        long pauseMs = Math.min(LONGEST_MS, FIRST_MS << Math.min(failures, MOST_DOUBLINGS));
        failures++;
        return pauseMs;
    }

    /** An attempt went well. */
    void reset() {
        failures = 0;
    }

    /** Whether the last attempt failed. */
    boolean isDue() {
        return failures > 0;
    }
}
