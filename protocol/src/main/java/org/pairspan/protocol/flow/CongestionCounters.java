package org.pairspan.protocol.flow;

import org.pairspan.protocol.wire.Counter;

/** What {@link Cubic} counted and how large its window is. The sender's thread counts, any thread reads. */
public final class CongestionCounters {
    final Counter window = new Counter();
    final Counter reductions = new Counter();
    final Counter drains = new Counter();
    final Counter longerPaths = new Counter();

    CongestionCounters() {
    }

    /** Pieces that may be on the way, as of the last round trip. */
    public long window() {
        return window.get();
    }

    /** How often the window was cut, because of loss that counts as congestion. */
    public long reductions() {
        return reductions.get();
    }

    /** How often the sender held back to see the round-trip time of the path itself. */
    public long drains() {
        return drains.get();
    }

    /** How often the path had become longer then. */
    public long longerPaths() {
        return longerPaths.get();
    }
}
