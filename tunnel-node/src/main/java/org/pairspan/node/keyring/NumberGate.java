package org.pairspan.node.keyring;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import org.pairspan.protocol.wire.TokenBucket;

/**
 * Decides which of the numbers found in unauthenticated packets are worth a question to the key service, so that garbage at the
 * UDP port can't flood it. Numbers of known peers have a bucket of their own, so that strangers can't use up what they need.
 * Single thread; remembers a bounded count of numbers.
 */
final class NumberGate {
    static final int PER_SECOND = 10;
    static final int BURST = 20;
    static final int REMEMBERED = 4096;
    /** The least time between two questions about one number. */
    static final Duration INTERVAL = Duration.ofSeconds(1);

    private static final long NS_PER_QUESTION = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;

    private final IntPredicate known;
    private final TokenBucket knownPeers;
    private final TokenBucket strangers;
    private final Map<Integer, Long> notBefore = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Long> eldest) {
            return size() > REMEMBERED;
        }
    };

    NumberGate(IntPredicate known, long nowNs) {
        this.known = known;
        knownPeers = new TokenBucket(BURST, NS_PER_QUESTION, nowNs);
        strangers = new TokenBucket(BURST, NS_PER_QUESTION, nowNs);
    }

    boolean admits(int number, long nowNs) {
        Long earliest = notBefore.get(number);
        if (earliest != null && nowNs - earliest < 0) {
            return false;
        }
        TokenBucket bucket = known.test(number) ? knownPeers : strangers;
        if (!bucket.take(nowNs)) {
            return false;
        }
        close(number, INTERVAL, nowNs);
        return true;
    }

    /** The number is not to be asked about for a time. */
    void close(int number, Duration time, long nowNs) {
        notBefore.remove(number);
        notBefore.put(number, nowNs + time.toNanos());
    }
}
