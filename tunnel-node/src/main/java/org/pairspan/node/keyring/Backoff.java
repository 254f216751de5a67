package org.pairspan.node.keyring;

import java.util.random.RandomGenerator;

/** Waiting times that double from a smallest to a largest, each shortened by up to half at random so that many do not come at once. */
final class Backoff {
    private final long minNs;
    private final long maxNs;
    private final RandomGenerator random;
    private long currentNs;

    Backoff(long minNs, long maxNs, RandomGenerator random) {
        this.minNs = minNs;
        this.maxNs = maxNs;
        this.random = random;
        currentNs = minNs;
    }

    /** How long to wait now, in nanoseconds: between half of the current step and all of it. */
    long nextNs() {
        long step = currentNs;
        currentNs = Math.min(maxNs, step * 2);
        return step / 2 + random.nextLong(step / 2 + 1);
    }

    /** After a success. */
    void reset() {
        currentNs = minNs;
    }
}
