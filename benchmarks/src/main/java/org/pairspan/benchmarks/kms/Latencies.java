package org.pairspan.benchmarks.kms;

import java.util.Arrays;
import java.util.Locale;

/** How long each of many questions took. */
final class Latencies {

    private long[] nanos = new long[1 << 16];
    private int count;
    private int refused;

    synchronized void add(long tookNs) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = tookNs;
    }

    synchronized void addRefused() {
        refused++;
    }

    synchronized int count() {
        return count + refused;
    }

    /** One line: how many a second, and the percentiles in ms. */
    synchronized String report(long tookNs) {
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return String.format(Locale.ROOT, "%,d answers in %.1f s: %,.0f a second; p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, most %.2f ms; refused %d",
                count, tookNs / 1e9, count * 1e9 / tookNs, at(sorted, 0.5), at(sorted, 0.99), at(sorted, 0.999), at(sorted, 1), refused);
    }

    private static double at(long[] sorted, double part) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.min(sorted.length - 1, Math.floor(part * sorted.length))] / 1e6;
    }
}
