package org.pairspan.node.keyring;

/** Lets through so many a second on average, and so many at once. Single thread. */
final class TokenBucket {
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final long nsPerToken;
    private final long capacityNs;
    private long creditNs;
    private long updatedAtNs;

    /**
     * @param perSecond long-time average, from 1.
     * @param burst     how many may pass at once, from 1.
     */
    TokenBucket(int perSecond, int burst, long nowNs) {
        nsPerToken = NS_PER_SECOND / perSecond;
        capacityNs = nsPerToken * burst;
        creditNs = capacityNs;
        updatedAtNs = nowNs;
    }

    boolean tryTake(long nowNs) {
        creditNs = Math.min(capacityNs, creditNs + Math.max(0, nowNs - updatedAtNs));
        updatedAtNs = nowNs;
        if (creditNs < nsPerToken) {
            return false;
        }
        creditNs -= nsPerToken;
        return true;
    }
}
