package org.pairspan.cli.lab.traffic;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waiting at a monitor for no longer than one cares to. */
final class TimedWait {
    private TimedWait() {
    }

    /**
     * Waits for a condition that others bring about, who notify all then.
     *
     * @param monitor which the caller owns
     * @return false where it is not so in time, or the caller is interrupted, as it is then afterwards
     */
    static boolean until(Object monitor, Duration limit, BooleanSupplier condition) {
        final long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            final long left = limit.toNanos() - (System.nanoTime() - start);
            if (left <= 0) {
                return false;
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(monitor, left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }
}
