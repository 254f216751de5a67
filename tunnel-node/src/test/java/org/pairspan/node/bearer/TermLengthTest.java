package org.pairspan.node.bearer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TermLengthTest {
    private static final int LONGEST = 4 * TermLength.SHORT;
    /** Clocks may begin anywhere and wrap. */
    private static final long START_NS = Long.MAX_VALUE - TermLength.JUDGED_AFTER_NS / 2;

    private final TermLength terms = new TermLength(LONGEST);

    @Test
    void aStreamBeginsWithShortTermsUnlessTheConfigurationHasShorterOnes() {
        assertEquals(TermLength.SHORT, terms.bytes());
        assertEquals(TermLength.SHORT / 2, new TermLength(TermLength.SHORT / 2).bytes());
    }

    @Test
    void aPeerNearbyKeepsThem() {
        for (int seconds = 0; seconds < 60; seconds++) {
            assertFalse(terms.follow(TermLength.FAR_NS - 1, START_NS + seconds * 1_000_000_000L));
        }
        assertEquals(TermLength.SHORT, terms.bytes());
    }

    @Test
    void aPeerFarAwayGetsLongOnesOnceItIsCertain() {
        assertFalse(terms.follow(0, START_NS - TermLength.JUDGED_AFTER_NS));
        assertFalse(terms.follow(TermLength.FAR_NS, START_NS));
        assertFalse(terms.follow(TermLength.FAR_NS, START_NS + TermLength.JUDGED_AFTER_NS - 1));
        assertTrue(terms.follow(TermLength.FAR_NS, START_NS + TermLength.JUDGED_AFTER_NS));
        assertEquals(LONGEST, terms.bytes());
    }

    @Test
    void aPeerThatOnlySeemedFarGetsShortOnesAgain() {
        terms.follow(TermLength.FAR_NS, START_NS);
        assertTrue(terms.follow(TermLength.FAR_NS, START_NS + TermLength.JUDGED_AFTER_NS));
        assertFalse(terms.follow(1, START_NS + 2 * TermLength.JUDGED_AFTER_NS - 1));
        assertFalse(terms.follow(TermLength.NEAR_NS, START_NS + 2 * TermLength.JUDGED_AFTER_NS));
        assertEquals(LONGEST, terms.bytes());
        assertTrue(terms.follow(TermLength.NEAR_NS - 1, START_NS + 3 * TermLength.JUDGED_AFTER_NS));
        assertEquals(TermLength.SHORT, terms.bytes());
    }

    @Test
    void theyNeverGrowBeyondTheConfiguration() {
        TermLength configured = new TermLength(TermLength.SHORT);
        configured.follow(TermLength.FAR_NS, START_NS);
        assertFalse(configured.follow(TermLength.FAR_NS, START_NS + TermLength.JUDGED_AFTER_NS));
        assertEquals(TermLength.SHORT, configured.bytes());
    }
}
