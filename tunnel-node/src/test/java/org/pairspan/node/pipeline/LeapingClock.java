package org.pairspan.node.pipeline;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.NanoClock;

/** The machine's clock, which a test sets forward. */
final class LeapingClock implements NanoClock {
    private final AtomicLong aheadNs = new AtomicLong();

    @Override
    public long nanoTime() {
        return System.nanoTime() + aheadNs.get();
    }

    /** So much time has passed at once. */
    void leap(Duration time) {
        aheadNs.addAndGet(time.toNanos());
    }
}
