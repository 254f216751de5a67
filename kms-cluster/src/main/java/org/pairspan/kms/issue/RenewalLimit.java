package org.pairspan.kms.issue;

import java.util.LinkedHashMap;
import java.util.Map;
import org.pairspan.kms.pairkey.PairId;

/**
 * How often a pair may have its generation replaced on demand. Each replacement is a durable write and a push to the other member, so
 * one that asks for it all day must not keep the service and its peers busy. A few in a row are normal, when both ends restart or search
 * for each other. Any thread.
 */
final class RenewalLimit {
    private static final int BURST = 5;
    private static final long INTERVAL_MS = 1_000;
    /** Pairs remembered: the ones that asked last. A forgotten pair begins anew, which takes a hundred thousand others. */
    private static final int MOST_PAIRS = 100_000;

    /** When each pair's allowance is whole again, in milliseconds. */
    private final Map<PairId, Long> wholeAgain = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<PairId, Long> eldest) {
            return size() > MOST_PAIRS;
        }
    };

    /**
     * Takes one from a pair's allowance.
     *
     * @param nowMs a clock's milliseconds
     * @return false where the pair has to wait
     */
    synchronized boolean admits(PairId pair, long nowMs) {
        long full = Math.max(nowMs, wholeAgain.getOrDefault(pair, nowMs));
        if (full - nowMs > (BURST - 1) * INTERVAL_MS) {
            // A clock that was set back must not shut the pair out for longer than an allowance takes.
            wholeAgain.put(pair, Math.min(full, nowMs + BURST * INTERVAL_MS));
            return false;
        }
        wholeAgain.put(pair, full + INTERVAL_MS);
        return true;
    }
}
