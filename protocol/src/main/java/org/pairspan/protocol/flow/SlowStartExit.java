package org.pairspan.protocol.flow;

/** When slow start ends because the delay rises, before anything is lost: HyStart++ (RFC 9406 section 4.2). */
final class SlowStartExit {
    private static final long LEAST_RISE_NS = 4_000_000L;
    private static final long MOST_RISE_NS = 16_000_000L;
    private static final int RISE_SHIFT = 3;
    // RFC 9406 wants 8 of a sender that gets an acknowledgement each second segment; here it is one each sixteenth.
    private static final int LEAST_SAMPLES = 4;
    private static final int CONSERVATIVE_ROUNDS = 5;
    private static final int CONSERVATIVE_DIVISOR = 4;

    private long roundNs = Long.MAX_VALUE;
    private long lastRoundNs = Long.MAX_VALUE;
    private int samples;
    private boolean conservative;
    private long baselineNs;
    private int rounds;

    void onSample(long rttNs) {
        roundNs = Math.min(roundNs, rttNs);
        samples++;
        if (samples < LEAST_SAMPLES) {
            return;
        }
        if (conservative) {
            conservative = roundNs >= baselineNs;
        } else if (lastRoundNs != Long.MAX_VALUE
                && roundNs - lastRoundNs >= Math.clamp(lastRoundNs >> RISE_SHIFT, LEAST_RISE_NS, MOST_RISE_NS)) {
            conservative = true;
            baselineNs = roundNs;
            rounds = 0;
        }
    }

    /** Whether slow start is over. */
    boolean endRound() {
        if (samples > 0) {
            lastRoundNs = roundNs;
        }
        roundNs = Long.MAX_VALUE;
        samples = 0;
        return conservative && ++rounds > CONSERVATIVE_ROUNDS;
    }

    /** How much slower than doubling the window may grow now. */
    int divisor() {
        return conservative ? CONSERVATIVE_DIVISOR : 1;
    }

    void restart() {
        roundNs = Long.MAX_VALUE;
        lastRoundNs = Long.MAX_VALUE;
        samples = 0;
        conservative = false;
    }
}
