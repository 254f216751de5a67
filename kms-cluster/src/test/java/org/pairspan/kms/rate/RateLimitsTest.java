package org.pairspan.kms.rate;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateLimitsTest {

    /** Near its end, behind which the clock goes on from the other side. */
    private long now = Long.MAX_VALUE - 10;
    private final RateLimits<String> limits = new RateLimits<>(new RateLimit(5, Duration.ofSeconds(1)), 3, () -> now);

    @Test
    void fiveInARowPassAndThenOneASecond() {
        exhaust("a");
        now += Duration.ofMillis(999).toNanos();
        assertFalse(limits.admits("a"));
        now += Duration.ofMillis(1).toNanos();
        assertTrue(limits.admits("a"));
        assertFalse(limits.admits("a"));
    }

    @Test
    void aSourceIsNotHeldToWhatAnotherAsked() {
        exhaust("a");
        assertTrue(limits.admits("b"));
    }

    @Test
    void whoWaitedHasTheWholeAllowanceAgainAndNoMore() {
        exhaust("a");
        now += Duration.ofSeconds(100).toNanos();
        exhaust("a");
    }

    @Test
    void theSourceThatCameFirstIsForgotten() {
        exhaust("a");
        exhaust("b");
        limits.admits("c");
        limits.admits("d");
        assertFalse(limits.admits("b"));
        exhaust("a");
    }

    private void exhaust(String source) {
        for (int i = 0; i < 5; i++) {
            assertTrue(limits.admits(source), source + ' ' + i);
        }
        assertFalse(limits.admits(source));
    }
}
