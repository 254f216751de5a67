package org.pairspan.protocol.reliable;

import org.pairspan.protocol.flow.CongestionControl;

/** The congestion control of RFC 5681, for which each loss is congestion: the stranger on the line. */
final class Reno implements CongestionControl {
    private final int most;
    private double window = 10;
    private double threshold = Double.MAX_VALUE;
    private long reducedNs = Long.MIN_VALUE / 2;

    Reno(int most) {
        this.most = most;
    }

    @Override
    public int window() {
        return (int) window;
    }

    @Override
    public boolean isSlowStart() {
        return window < threshold;
    }

    @Override
    public void onRoundTrip(long rttNs, long nowNs) {
        // Reno does not look at delay.
    }

    @Override
    public void onAcknowledged(int pieces, long newestSentNs, boolean limited, long nowNs) {
        if (limited) {
            window = Math.min(most, window + (isSlowStart() ? pieces : pieces / window));
        }
    }

    @Override
    public void onLost(int pieces, long newestSentNs, long nowNs) {
        if (newestSentNs > reducedNs) {
            window = Math.max(2, window / 2);
            threshold = window;
            reducedNs = nowNs;
        }
    }

    @Override
    public void onPersistentCongestion(long nowNs) {
        threshold = Math.max(2, window / 2);
        window = 2;
    }
}
