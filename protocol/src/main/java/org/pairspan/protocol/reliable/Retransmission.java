package org.pairspan.protocol.reliable;

import org.pairspan.protocol.flow.CongestionControl;
import org.pairspan.protocol.rtt.RoundTripTime;

/** When which pieces go again: what is lost as far as the congestion window allows, and a probe after a timeout. */
final class Retransmission {
    private static final int PROBES = 2;
    // Timeouts in a row without any arrival after which the path counts as congested for good (RFC 9002 section 7.6.1).
    private static final int PERSISTENT_TIMEOUTS = 3;
    // When a piece that the stream did not take is due again, beside being offered each turn: it may take none for hours.
    private static final long REFUSED_NS = 10_000_000L;

    private final CongestionControl congestion;
    private final SenderCounters counters;
    private final LossDetection lossDetection;
    private final RetransmissionTimer timer;
    private final Pacer pacer;
    private boolean refused;
    private long refusedNs;

    Retransmission(RoundTripTime roundTripTime, CongestionControl congestion, SenderCounters counters, LossDetection lossDetection) {
        this.congestion = congestion;
        this.counters = counters;
        this.lossDetection = lossDetection;
        timer = new RetransmissionTimer(roundTripTime);
        pacer = new Pacer(roundTripTime, congestion);
    }

    void onSent(long nowNs) {
        timer.onSent(nowNs);
        pacer.onSent(nowNs);
    }

    void onArrival(long nowNs) {
        timer.onArrival(nowNs);
    }

    /** Another incarnation: what was learnt of the pieces before is void. */
    void restart() {
        lossDetection.restart();
        timer.reset();
        refused = false;
    }

    /** Whether the pacer lets a piece go now. */
    boolean isPaced(long nowNs) {
        return pacer.dueInNs(nowNs) > 0;
    }

    long pacedForNs(long nowNs) {
        return pacer.dueInNs(nowNs);
    }

    int resend(SentPieces pieces, byte incarnation, long nowNs, Resender resender) {
        if (lossDetection.dueInNs(nowNs) <= 0) {
            counters.lost.add(lossDetection.detect(pieces, nowNs));
        }
        int count = 0;
        while (pieces.lost() > 0 && pieces.onTheWay() < congestion.window() && !isPaced(nowNs)) {
            if (!resendOne(pieces, pieces.firstLost(), incarnation, nowNs, resender)) {
                return count;
            }
            count++;
        }
        return timer.hasExpired(nowNs, pieces.onTheWay() > 0) ? count + probe(pieces, incarnation, nowNs, resender) : count;
    }

    // The oldest pieces: their arrival shows by itself what else of the flight is lost (RFC 9002 section 6.2.4, RFC 8985 section 7).
    private int probe(SentPieces pieces, byte incarnation, long nowNs, Resender resender) {
        int count = 0;
        int most = Math.min(PROBES, pieces.onTheWay());
        while (count < most && resendOne(pieces, pieces.oldest(), incarnation, nowNs, resender)) {
            count++;
        }
        if (count > 0) {
            counters.probes.increment();
            if (timer.onTimeout() == PERSISTENT_TIMEOUTS) {
                congestion.onPersistentCongestion(nowNs);
            }
        }
        return count;
    }

    private boolean resendOne(SentPieces pieces, int index, byte incarnation, long nowNs, Resender resender) {
        refused = !pieces.resend(index, incarnation, resender, nowNs);
        if (refused) {
            refusedNs = nowNs;
            return false;
        }
        onSent(nowNs);
        counters.resent.increment();
        return true;
    }

    /** Nanoseconds until {@link #resend} may have something to do; {@code Long.MAX_VALUE} when not before the next arrival. */
    long dueInNs(SentPieces pieces, long nowNs) {
        long due = lossDetection.dueInNs(nowNs);
        if (pieces.onTheWay() > 0) {
            due = Math.min(due, timer.dueInNs(nowNs));
        }
        if (pieces.lost() > 0 && pieces.onTheWay() < congestion.window()) {
            due = Math.min(due, pacedForNs(nowNs));
        }
        return refused ? Math.max(due, refusedNs + REFUSED_NS - nowNs) : due;
    }

    void shift(long byNs) {
        timer.shift(byNs);
        pacer.shift(byNs);
        lossDetection.shift(byNs);
        refusedNs += byNs;
    }
}
