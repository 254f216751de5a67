package org.pairspan.kms.unsealing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** After each wrong attempt the next one has to wait, twice as long each time: 1 s up to a minute. Not safe for several threads. */
final class AttemptLimit {

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final InstantSource clock;
    private Duration pause = Duration.ZERO;
    private Instant notBefore = Instant.MIN;
    private long failures;

    AttemptLimit(InstantSource clock) {
        this.clock = clock;
    }

    /** @throws IllegalStateException where the pause after the last wrong attempt is not over */
    void requirePauseIsOver() {
        Instant now = clock.instant();
        if (now.isBefore(notBefore)) {
            long seconds = Duration.between(now, notBefore).plusMillis(999).toSeconds();
            throw new IllegalStateException("the last attempt was wrong; try again in " + seconds + " s");
        }
    }

    void failed() {
        failures++;
        pause = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        notBefore = clock.instant().plus(pause);
    }

    void succeeded() {
        pause = Duration.ZERO;
        notBefore = Instant.MIN;
    }

    /** Wrong attempts since the start. */
    long failures() {
        return failures;
    }
}
