package org.pairspan.protocol.reliable;

import org.pairspan.protocol.flow.CongestionControl;
import org.pairspan.protocol.rtt.RoundTripTime;

/**
 * Spreads a window over its round trip on long paths, where a burst of all of it would overrun a slow link's buffer: a leaky bucket
 * (the generic cell rate algorithm) somewhat faster than the window needs.
 */
final class Pacer {
    /** Below this the acknowledgements themselves come so often that nothing need be spread. */
    static final long SHORTEST_PATH_NS = 4_000_000L;

    private static final int BURST_PIECES = 48;
    private static final double GAIN = 1.25;
    private static final double SLOW_START_GAIN = 2;

    private final RoundTripTime roundTripTime;
    private final CongestionControl congestion;
    private long theoreticalNs;
    private long intervalNs;

    Pacer(RoundTripTime roundTripTime, CongestionControl congestion) {
        this.roundTripTime = roundTripTime;
        this.congestion = congestion;
    }

    /** Nanoseconds until the next piece may go; 0 or less when it may. */
    long dueInNs(long nowNs) {
        return intervalNs == 0 ? 0 : theoreticalNs - BURST_PIECES * intervalNs - nowNs;
    }

    void onSent(long nowNs) {
        long smoothedNs = roundTripTime.smoothedNs();
        if (smoothedNs < SHORTEST_PATH_NS) {
            intervalNs = 0;
            return;
        }
        double gain = congestion.isSlowStart() ? SLOW_START_GAIN : GAIN;
        long interval = (long) (smoothedNs / (gain * congestion.window()));
        // What was sent at a slower rate must not hold up the faster one.
        long aheadNs = intervalNs == 0 ? 0 : Math.clamp(theoreticalNs - nowNs, 0, BURST_PIECES * interval);
        theoreticalNs = nowNs + aheadNs + interval;
        intervalNs = interval;
    }

    void shift(long byNs) {
        theoreticalNs += byNs;
    }
}
