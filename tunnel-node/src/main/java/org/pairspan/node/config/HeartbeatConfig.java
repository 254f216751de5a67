package org.pairspan.node.config;

import java.time.Duration;
import org.pairspan.runtime.config.Settings;

/**
 * How soon a dead peer is noticed (PS-8).
 *
 * @param interval of silence after which the peer is asked, and between two questions.
 * @param misses   questions that stay unanswered before the link is down, 1 to 100.
 */
public record HeartbeatConfig(Duration interval, int misses) {
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final int MOST_MISSES = 100;
    private static final String DEAD_AFTER = "dead-after";

    static HeartbeatConfig read(Settings settings) {
        Duration interval = settings.duration("interval", SHORTEST, LONGEST);
        Duration deadAfter = settings.duration(DEAD_AFTER, SHORTEST, LONGEST.multipliedBy(MOST_MISSES + 1));
        long intervals = deadAfter.dividedBy(interval);
        if (intervals < 2 || intervals > MOST_MISSES + 1 || !interval.multipliedBy(intervals).equals(deadAfter)) {
            throw settings.invalid(DEAD_AFTER, deadAfter,
                    "must be 2 to " + (MOST_MISSES + 1) + " times interval, " + interval.toMillis() + " ms, without a rest");
        }
        return new HeartbeatConfig(interval, (int) intervals - 1);
    }
}
