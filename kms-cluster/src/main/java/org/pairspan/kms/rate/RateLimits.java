package org.pairspan.kms.rate;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The same limit for each of many sources. Those that came last are remembered; a forgotten one begins anew. Any thread.
 *
 * @param <K> a source
 */
public final class RateLimits<K> {

    private final RateLimit limit;
    private final LongSupplier nanoTime;
    private final Map<K, Long> wholeAgainNs;

    /**
     * @param most     sources remembered
     * @param nanoTime a monotonic clock, ns
     */
    public RateLimits(RateLimit limit, int most, LongSupplier nanoTime) {
        this.limit = limit;
        this.nanoTime = nanoTime;
        wholeAgainNs = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, Long> eldest) {
                return size() > most;
            }
        };
    }

    /** Takes one from a source's allowance; false where it has to wait. */
    public synchronized boolean admits(K source) {
        long now = nanoTime.getAsLong();
        long after = limit.after(wholeAgainNs.getOrDefault(source, now), 1, now);
        boolean admitted = limit.admits(after, now);
        if (admitted) {
            wholeAgainNs.put(source, after);
        }
        return admitted;
    }
}
