package org.pairspan.kms.enrolment;

import java.util.LinkedHashMap;
import java.util.Map;
import org.pairspan.kms.endpoint.SourceNetwork;

/** How often one network may try to get a certificate. Each try costs a handshake and a record. Any thread. */
final class AttemptLimit {

    static final int BURST = 10;
    static final long INTERVAL_MS = 1_000;
    /** Networks remembered: the ones that tried last. */
    private static final int MOST_NETWORKS = 10_000;

    /** When each network's allowance is whole again, milliseconds. */
    private final Map<String, Long> wholeAgain = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST_NETWORKS;
        }
    };

    /**
     * Takes one from a network's allowance; false where it has to wait.
     *
     * @param network as {@link SourceNetwork} names it
     */
    synchronized boolean admits(String network, long nowMs) {
        long full = Math.max(nowMs, Math.min(wholeAgain.getOrDefault(network, nowMs), nowMs + BURST * INTERVAL_MS));
        if (full - nowMs > (BURST - 1) * INTERVAL_MS) {
            return false;
        }
        wholeAgain.put(network, full + INTERVAL_MS);
        return true;
    }
}
