package org.pairspan.protocol.wire;

/**
 * Holds something to a rate, and lets a burst pass: a bucket of tokens that fills by one an interval. One thread; times are
 * nanoseconds of one monotonic clock.
 */
public final class TokenBucket {
    private final int capacity;
    private final long intervalNs;
    private long tokens;
    private long filledNs;

    /**
     * A full bucket.
     *
     * @param capacity   the largest burst, at least 1.
     * @param intervalNs time in which one token comes, at least 1 ns.
     * @param nowNs      the time.
     */
    public TokenBucket(int capacity, long intervalNs, long nowNs) {
        if (capacity < 1 || intervalNs < 1) {
            throw new IllegalArgumentException("a bucket of " + capacity + " tokens, one each " + intervalNs + " ns, holds nothing");
        }
        this.capacity = capacity;
        this.intervalNs = intervalNs;
        this.tokens = capacity;
        this.filledNs = nowNs;
    }

    /** Whether a token is there; does not take it. */
    public boolean has(long nowNs) {
        long elapsed = nowNs - filledNs;
        if (elapsed >= intervalNs) {
            long fresh = elapsed / intervalNs;
            tokens = fresh >= capacity - tokens ? capacity : tokens + fresh;
            filledNs += fresh * intervalNs;
        }
        return tokens > 0;
    }

    /** Takes a token where there is one. */
    public boolean take(long nowNs) {
        if (!has(nowNs)) {
            return false;
        }
        tokens--;
        return true;
    }
}
