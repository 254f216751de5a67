package org.pairspan.kms.enrolment;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/** How often one source address may try to get a certificate. Each try costs a handshake and a record. Any thread. */
final class AttemptLimit {

    static final int BURST = 10;
    static final long INTERVAL_MS = 1_000;
    /** Addresses remembered: the ones that tried last. */
    private static final int MOST_ADDRESSES = 10_000;

    /** When each address's allowance is whole again, milliseconds. */
    private final Map<InetAddress, Long> wholeAgain = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Long> eldest) {
            return size() > MOST_ADDRESSES;
        }
    };

    /** Takes one from an address's allowance; false where it has to wait. */
    synchronized boolean admits(InetAddress address, long nowMs) {
        long full = Math.max(nowMs, Math.min(wholeAgain.getOrDefault(address, nowMs), nowMs + BURST * INTERVAL_MS));
        if (full - nowMs > (BURST - 1) * INTERVAL_MS) {
            return false;
        }
        wholeAgain.put(address, full + INTERVAL_MS);
        return true;
    }
}
