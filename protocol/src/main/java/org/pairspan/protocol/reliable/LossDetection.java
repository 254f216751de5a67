package org.pairspan.protocol.reliable;

import org.pairspan.protocol.flow.CongestionControl;
import org.pairspan.protocol.rtt.RoundTripTime;

/**
 * Which pieces are lost (ideas of RACK, RFC 8985): one is, when a piece sent after it arrived and it did not within a quarter of the
 * round-trip time more. Counting duplicates is not needed, and a lost resending is found like a first one.
 */
final class LossDetection {
    private static final long MIN_REORDERING_NS = 250_000L;
    private static final int REORDERING_SHIFT = 2;

    private final RoundTripTime roundTripTime;
    private final CongestionControl congestion;
    private boolean known;
    private int order;
    private long rttNs;
    private boolean armed;
    private long dueNs;

    LossDetection(RoundTripTime roundTripTime, CongestionControl congestion) {
        this.roundTripTime = roundTripTime;
        this.congestion = congestion;
    }

    /** A piece arrived, and it is known that it did as it was sent last. */
    void onArrived(int itsOrder, long sentNs, long nowNs) {
        if (!known || itsOrder - order > 0) {
            known = true;
            order = itsOrder;
            rttNs = nowNs - sentNs;
        }
        armed = true;
        dueNs = nowNs;
    }

    /** Nanoseconds until {@link #detect} may find something; {@code Long.MAX_VALUE} when not before the next arrival. */
    long dueInNs(long nowNs) {
        return armed ? dueNs - nowNs : Long.MAX_VALUE;
    }

    /**
     * Marks the pieces that are lost by now and tells congestion control.
     *
     * @return how many.
     */
    int detect(SentPieces pieces, long nowNs) {
        armed = false;
        long patienceNs = rttNs + Math.max(MIN_REORDERING_NS, roundTripTime.smoothedNs() >> REORDERING_SHIFT);
        int lost = 0;
        long newestSentNs = 0;
        while (pieces.onTheWay() > 0) {
            int oldest = pieces.oldest();
            if (pieces.order(oldest) - order >= 0) {
                break;
            }
            long sentNs = pieces.sentNs(oldest);
            if (nowNs - sentNs < patienceNs) {
                armed = true;
                dueNs = sentNs + patienceNs;
                break;
            }
            pieces.markLost(oldest);
            newestSentNs = sentNs;
            lost++;
        }
        if (lost > 0) {
            congestion.onLost(lost, newestSentNs, nowNs);
        }
        return lost;
    }

    void restart() {
        known = false;
        armed = false;
    }

    void shift(long byNs) {
        dueNs += byNs;
    }
}
