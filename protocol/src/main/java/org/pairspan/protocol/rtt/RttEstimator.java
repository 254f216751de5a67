package org.pairspan.protocol.rtt;

/** Smoothed round-trip time, its variation and its minimum from single samples (RFC 6298 section 2). */
final class RttEstimator {
    /** A longer sample is a clock that jumped, not a network. */
    static final long LONGEST_NS = 10_000_000_000L;

    // Weights of a new sample: 1/8 of the mean, 1/4 of the variation (RFC 6298 section 2.3).
    private static final int MEAN_SHIFT = 3;
    private static final int VARIATION_SHIFT = 2;

    private long smoothedNs;
    private long variationNs;
    private long latestNs;
    private long halfStartNs;
    private long minimumNs = Long.MAX_VALUE;
    private long earlierMinimumNs = Long.MAX_VALUE;

    /** Whether the sample can be one. */
    boolean take(long rttNs, long nowNs) {
        if (rttNs <= 0 || rttNs > LONGEST_NS) {
            return false;
        }
        if (smoothedNs == 0) {
            smoothedNs = rttNs;
            variationNs = rttNs >> 1;
            halfStartNs = nowNs;
        } else {
            variationNs += Math.abs(smoothedNs - rttNs) - variationNs >> VARIATION_SHIFT;
            smoothedNs = Math.max(1, smoothedNs + (rttNs - smoothedNs >> MEAN_SHIFT));
        }
        latestNs = rttNs;
        long age = nowNs - halfStartNs;
        if (age < 0 || age >= RttMeasurement.MINIMUM_MEMORY_NS) {
            halfStartNs = nowNs;
            earlierMinimumNs = age < 2 * RttMeasurement.MINIMUM_MEMORY_NS ? minimumNs : rttNs;
            minimumNs = rttNs;
        } else {
            minimumNs = Math.min(minimumNs, rttNs);
        }
        return true;
    }

    long smoothedNs() {
        return smoothedNs;
    }

    long variationNs() {
        return variationNs;
    }

    long latestNs() {
        return latestNs;
    }

    long minimumNs() {
        return smoothedNs == 0 ? 0 : Math.min(minimumNs, earlierMinimumNs);
    }
}
