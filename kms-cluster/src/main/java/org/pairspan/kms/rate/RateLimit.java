package org.pairspan.kms.rate;

import java.time.Duration;

/**
 * A rate with bursts: the generic cell rate algorithm as virtual scheduling (ATM Forum TM 4.0, ITU-T I.371). All that has to be known of a
 * source is one time, when its allowance is whole again: the algorithm's theoretical arrival time. Times are of a monotonic clock, ns.
 *
 * @param burst    at once, from 1
 * @param interval after which one more is admitted, more than 0
 */
public record RateLimit(int burst, Duration interval) {

    /** When an allowance is whole again from which so many more are taken. */
    public long after(long wholeAgainNs, int taken, long nowNs) {
        return (wholeAgainNs - nowNs > 0 ? wholeAgainNs : nowNs) + taken * interval.toNanos();
    }

    /** Whether an allowance that is whole again only then is not overdrawn. */
    public boolean admits(long wholeAgainNs, long nowNs) {
        return wholeAgainNs - nowNs <= burst * interval.toNanos();
    }
}
