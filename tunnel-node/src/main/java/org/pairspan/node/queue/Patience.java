package org.pairspan.node.queue;

import java.util.concurrent.TimeUnit;

/** How long the packets of a queue may wait before {@link CoDel} takes it for a standing one. */
public enum Patience {
    /**
     * For packets that may get lost on the line: the round trip, and for peers nearby no less than what makes a target of 5 ms (RFC 8289,
     * section 4.4). Less would take for a queue that a busy host had the node wait for its processor.
     */
    DATAGRAM(50, 300),
    /** For the reliable class: its packets wait for those before them to be repaired, which is no reason to lose more. */
    RELIABLE(1_000, 1_000);

    final long shortestIntervalNs;
    final long longestIntervalNs;

    Patience(long shortestIntervalMs, long longestIntervalMs) {
        shortestIntervalNs = TimeUnit.MILLISECONDS.toNanos(shortestIntervalMs);
        longestIntervalNs = TimeUnit.MILLISECONDS.toNanos(longestIntervalMs);
    }
}
