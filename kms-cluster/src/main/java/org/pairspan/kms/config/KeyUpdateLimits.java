package org.pairspan.kms.config;

import java.time.Duration;
import org.pairspan.runtime.config.Settings;

/**
 * How and when keys of pairs are updated; {@code kms-reference.conf} tells what each means.
 */
public record KeyUpdateLimits(Duration stepTimeout, Duration again, Duration grace, Duration afterAge, int afterGenerations,
        Duration lookEvery, int perSecond, int atOnce) {

    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration SHORTEST_AGE = Duration.ofMinutes(1);
    private static final Duration LONGEST_AGE = Duration.ofDays(3650);

    static KeyUpdateLimits read(Settings settings) {
        return new KeyUpdateLimits(settings.duration("step-timeout", SHORTEST, HOUR), settings.duration("again", SHORTEST, HOUR),
                settings.duration("grace", SHORTEST, HOUR), settings.duration("after-age", SHORTEST_AGE, LONGEST_AGE),
                settings.integer("after-generations", 2, Integer.MAX_VALUE), settings.duration("look-every", SHORTEST, LONGEST_AGE),
                settings.integer("per-second", 1, 10_000), settings.integer("at-once", 1, 1_000));
    }
}
