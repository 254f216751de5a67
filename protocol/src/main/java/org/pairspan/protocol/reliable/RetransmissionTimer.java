package org.pairspan.protocol.reliable;

import org.pairspan.protocol.rtt.RoundTripTime;

/** The retransmission timer (RFC 6298 section 5): runs while pieces are on the way, from the last sending or arrival. */
final class RetransmissionTimer {
    private final RoundTripTime roundTripTime;
    private long startNs;
    private int timeouts;
    private boolean expired;

    RetransmissionTimer(RoundTripTime roundTripTime) {
        this.roundTripTime = roundTripTime;
    }

    void onSent(long nowNs) {
        startNs = nowNs;
    }

    void onArrival(long nowNs) {
        startNs = nowNs;
        timeouts = 0;
    }

    void reset() {
        timeouts = 0;
    }

    /** Whether it expired, not in the turn that finds out: if this thread was away for so long, the answers lie unread. */
    boolean hasExpired(long nowNs, boolean running) {
        boolean before = expired;
        expired = running && dueInNs(nowNs) <= 0;
        return before && expired;
    }

    /** Counts a timeout: how many there were in a row. */
    int onTimeout() {
        return ++timeouts;
    }

    long dueInNs(long nowNs) {
        return startNs + roundTripTime.rtoNs(timeouts) - nowNs;
    }

    void shift(long byNs) {
        startNs += byNs;
    }
}
