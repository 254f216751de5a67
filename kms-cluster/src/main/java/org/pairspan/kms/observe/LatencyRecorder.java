package org.pairspan.kms.observe;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongConsumer;

/** Counts, and keeps the newest 1,024 times for percentiles. Safe for use by several threads. */
public final class LatencyRecorder implements LongConsumer {

    private static final int KEPT = 1024;

    private final AtomicLong count = new AtomicLong();
    private final AtomicLongArray newest = new AtomicLongArray(KEPT);

    /** Records one time, ns. */
    @Override
    public void accept(long nanoseconds) {
        newest.set((int) (count.getAndIncrement() % KEPT), nanoseconds);
    }

    /** How many were recorded in all. */
    public long count() {
        return count.get();
    }

    /** The time that this share (0 to 1) of the newest ones did not exceed, ns; 0 where there is none. */
    public long percentile(double share) {
        int kept = (int) Math.min(count.get(), KEPT);
        if (kept == 0) {
            return 0;
        }
        long[] sorted = new long[kept];
        Arrays.setAll(sorted, newest::get);
        Arrays.sort(sorted);
        return sorted[(int) Math.min(kept - 1, (long) (share * kept))];
    }
}
