package org.pairspan.protocol.flow;

/**
 * Whether a queue stands on the path. A full queue delays every piece for many rounds; a host that was busy for a moment delays those of
 * one round. So the smallest round-trip times of two rounds on end must both be long.
 */
final class QueueingDelay {
    private static final long LEAST_NS = 4_000_000L;
    private static final int SHARE_SHIFT = 4;

    private long baseNs;
    private long roundNs = Long.MAX_VALUE;
    private long lastRoundNs;
    private long earlierRoundNs;

    void onSample(long rttNs, long minimumNs) {
        baseNs = minimumNs;
        roundNs = Math.min(roundNs, rttNs);
    }

    void endRound() {
        if (roundNs != Long.MAX_VALUE) {
            earlierRoundNs = lastRoundNs;
            lastRoundNs = roundNs;
            roundNs = Long.MAX_VALUE;
        }
    }

    boolean isStanding() {
        long other = roundNs == Long.MAX_VALUE ? earlierRoundNs : roundNs;
        return Math.min(lastRoundNs, other) - baseNs > Math.max(LEAST_NS, baseNs >> SHARE_SHIFT);
    }

    /** Smallest round-trip time of the last round; 0 before the first. */
    long roundTripNs() {
        return lastRoundNs;
    }
}
