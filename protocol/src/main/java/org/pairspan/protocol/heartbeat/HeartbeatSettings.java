package org.pairspan.protocol.heartbeat;

import java.util.concurrent.TimeUnit;

/**
 * How soon a dead peer is noticed: after {@code (misses + 1) * intervalNs} of silence.
 *
 * @param intervalNs silence after which the peer is asked, and the time between two requests; 1 ms to one hour.
 * @param misses     requests that stay unanswered before the link is down, 1 to 100.
 */
public record HeartbeatSettings(long intervalNs, int misses) {
    private static final long SHORTEST_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_NS = TimeUnit.HOURS.toNanos(1);
    private static final int MOST_MISSES = 100;

    /** Asked each second, down after four. */
    public static final HeartbeatSettings DEFAULT = new HeartbeatSettings(TimeUnit.SECONDS.toNanos(1), 3);

    /** Checks the ranges. */
    public HeartbeatSettings {
        if (intervalNs < SHORTEST_NS || intervalNs > LONGEST_NS || misses < 1 || misses > MOST_MISSES) {
            throw new IllegalArgumentException("heartbeats come every 1 ms to 1 h and 1 to " + MOST_MISSES
                + " may be missed, not every " + intervalNs + " ns and " + misses);
        }
    }

    /** The longest time from the last datagram of a peer to its being down, in nanoseconds. */
    public long downAfterNs() {
        return (misses + 1) * intervalNs;
    }
}
