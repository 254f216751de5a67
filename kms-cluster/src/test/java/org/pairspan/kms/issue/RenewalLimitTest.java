package org.pairspan.kms.issue;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.pairspan.kms.pairkey.PairId;

class RenewalLimitTest {
    private static final PairId PAIR = PairId.of("a", "b");
    private static final PairId OTHER = PairId.of("a", "c");

    private final RenewalLimit limit = new RenewalLimit();

    @Test
    void fiveInARowPassAndThenOneASecond() {
        for (int i = 0; i < 5; i++) {
            assertTrue(limit.admits(PAIR, 10_000), "renewal " + i);
        }
        assertFalse(limit.admits(PAIR, 10_000));
        assertFalse(limit.admits(PAIR, 10_999));
        assertTrue(limit.admits(PAIR, 11_000));
        assertFalse(limit.admits(PAIR, 11_000));
    }

    @Test
    void aPairIsNotHeldToWhatAnotherAsked() {
        exhaust(10_000);
        assertTrue(limit.admits(OTHER, 10_000));
    }

    @Test
    void whoWaitedHasTheWholeAllowanceAgainAndNoMore() {
        exhaust(10_000);
        exhaust(100_000);
    }

    @Test
    void aClockThatIsSetBackShutsNobodyOutForLong() {
        exhaust(1_000_000);
        assertFalse(limit.admits(PAIR, 5_000));
        assertTrue(limit.admits(PAIR, 6_000));
    }

    private void exhaust(long nowMs) {
        for (int i = 0; i < 5; i++) {
            assertTrue(limit.admits(PAIR, nowMs));
        }
        assertFalse(limit.admits(PAIR, nowMs));
    }
}
