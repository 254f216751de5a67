package org.pairspan.protocol.flow;

import java.util.concurrent.TimeUnit;

/**
 * Whether a queue stands on the path. A full queue delays every piece for many rounds; a host that was busy for a moment delays those of
 * one round. So the smallest round-trip times of two rounds on end must both exceed the path's own.
 *
 * <p>The path's own is the smallest that was seen since it was last looked for. A queue that has stood for {@link #PATIENCE_NS} is one
 * that others keep standing, or one so long that no cut of the window drains it, or none: the path has become longer. To tell, the sender
 * holds back for two rounds, as in ProbeRTT of BBR: in the first its own pieces leave the queue, the second shows the path. So it does
 * when more is lost than any line loses by itself: a queue that stood from the beginning does not show as delay.
 */
final class QueueingDelay {
    /** How long a queue may stand, and how long nothing may be sent, before the path is looked for again. */
    static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(5);

    private static final long LEAST_NS = 4_000_000L;
    private static final int SHARE_SHIFT = 4;
    private static final int DRAINING_ROUNDS = 2;
    // Rounds in which nothing but lost pieces is sent again tell no round trip; many lost ones are not repaired at this pace.
    private static final int MOST_BLIND_ROUNDS = 4;
    private static final long UNKNOWN = Long.MAX_VALUE;

    private final CongestionCounters counters;
    private long pathNs = UNKNOWN;
    private long roundNs = UNKNOWN;
    private long lastRoundNs;
    private long earlierRoundNs;
    private long sampledNs;
    private boolean standing;
    private long standingSinceNs;
    private long lookedNs;
    private int draining;
    private int blindRounds;

    QueueingDelay(CongestionCounters counters) {
        this.counters = counters;
    }

    void onSample(long rttNs, long nowNs) {
        if (pathNs == UNKNOWN || nowNs - sampledNs > PATIENCE_NS) {
            pathNs = UNKNOWN;
            lookedNs = nowNs;
        }
        sampledNs = nowNs;
        pathNs = Math.min(pathNs, rttNs);
        roundNs = Math.min(roundNs, rttNs);
    }

    /** @return whether the path was found to be longer than it had been. */
    boolean endRound(long nowNs) {
        if (roundNs == UNKNOWN) {
            if (draining > 0 && ++blindRounds > MOST_BLIND_ROUNDS) {
                draining = 0;
                standing = false;
            }
            return false;
        }
        earlierRoundNs = lastRoundNs;
        lastRoundNs = roundNs;
        roundNs = UNKNOWN;
        if (draining > 0) {
            draining--;
            return draining == 0 && learnPath();
        }
        if (!isStanding()) {
            standing = false;
        } else if (!standing) {
            standing = true;
            standingSinceNs = nowNs;
        } else if (nowNs - standingSinceNs >= PATIENCE_NS) {
            drain(nowNs);
        }
        return false;
    }

    /** More was lost than any line loses: perhaps a queue stood when the path was looked for. */
    void doubt(long nowNs) {
        if (draining == 0 && nowNs - lookedNs >= PATIENCE_NS) {
            drain(nowNs);
        }
    }

    private void drain(long nowNs) {
        draining = DRAINING_ROUNDS;
        blindRounds = 0;
        lookedNs = nowNs;
        counters.drains.increment();
    }

    private boolean learnPath() {
        boolean longer = isQueued(lastRoundNs);
        pathNs = lastRoundNs;
        standing = false;
        counters.longerPaths.add(longer ? 1 : 0);
        return longer;
    }

    /** Whether the sender is to hold back so that the path shows. */
    boolean isDraining() {
        return draining > 0;
    }

    boolean isStanding() {
        return isQueued(Math.min(lastRoundNs, roundNs == UNKNOWN ? earlierRoundNs : roundNs));
    }

    private boolean isQueued(long rttNs) {
        return rttNs - pathNs > Math.max(LEAST_NS, pathNs >> SHARE_SHIFT);
    }

    /** Smallest round-trip time of the last round; 0 before the first. */
    long roundTripNs() {
        return lastRoundNs;
    }

    /** The clock went back. */
    void onClockBackward(long nowNs) {
        sampledNs = nowNs;
        standingSinceNs = nowNs;
        lookedNs = nowNs;
    }
}
