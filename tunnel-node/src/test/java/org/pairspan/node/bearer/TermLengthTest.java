package org.pairspan.node.bearer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TermLengthTest {
    private static final int SHORT = TermLength.SHORT;
    private static final int LONG = TermLength.LONG;
    private static final int LONGEST = 8 * LONG;
    /** Of a peer that had half a short term in flight. */
    private static final int GRANTED = SHORT / 2;
    /** Clocks may begin anywhere and wrap. */
    private static final long START_NS = Long.MAX_VALUE - TermLength.JUDGED_AFTER_NS / 2;

    private final TermLength terms = new TermLength(LONGEST);
    private long nowNs = START_NS;

    @Test
    void aStreamBeginsWithShortTermsUnlessTheConfigurationHasShorterOnes() {
        assertEquals(SHORT, terms.bytes());
        assertEquals(SHORT / 2, new TermLength(SHORT / 2).bytes());
    }

    @Test
    void aPeerNearbyKeepsThem() {
        for (int seconds = 0; seconds < 60; seconds++) {
            assertEquals(SHORT, terms.wanted(TermLength.FAR_NS - 1, GRANTED, START_NS + seconds * 1_000_000_000L));
        }
    }

    @Test
    void aPeerFarAwayGetsLongOnesOnceItIsCertain() {
        assertEquals(SHORT, terms.wanted(0, 0, START_NS - TermLength.JUDGED_AFTER_NS));
        assertEquals(SHORT, terms.wanted(TermLength.FAR_NS, GRANTED, START_NS));
        assertEquals(SHORT, terms.wanted(TermLength.FAR_NS, GRANTED, START_NS + TermLength.JUDGED_AFTER_NS - 1));
        assertEquals(LONG, terms.wanted(TermLength.FAR_NS, GRANTED, START_NS + TermLength.JUDGED_AFTER_NS));
        assertEquals(SHORT, terms.bytes());
    }

    @Test
    void aPeerThatIsPlainlyFarGetsThemSoon() {
        assertEquals(SHORT, terms.wanted(TermLength.PLAINLY_FAR_NS, GRANTED, START_NS));
        assertEquals(SHORT, terms.wanted(TermLength.PLAINLY_FAR_NS, GRANTED, START_NS + TermLength.GROWN_AFTER_NS - 1));
        assertEquals(LONG, terms.wanted(TermLength.PLAINLY_FAR_NS, GRANTED, START_NS + TermLength.GROWN_AFTER_NS));
    }

    @Test
    void aPeerWhoseWindowTakesAllThatCanBeInFlightGetsTermsOfTwiceTheLength() {
        becomes(LONG);
        assertEquals(LONG, later(TermLength.FAR_NS, LONG / 2 - 1));
        for (int length = LONG; length < LONGEST; length *= 2) {
            assertEquals(2 * length, later(TermLength.FAR_NS, length / 2));
            becomes(2 * length);
            assertEquals(2 * length, terms.wanted(TermLength.FAR_NS, length, nowNs + TermLength.GROWN_AFTER_NS - 1));
            assertEquals(2 * length, later(TermLength.FAR_NS, length / 2), "what it granted of the shorter terms");
        }
        assertEquals(LONGEST, later(TermLength.FAR_NS, Integer.MAX_VALUE));
    }

    @Test
    void nothingShortensTheTermsOfAPeerFarAway() {
        becomes(LONGEST);
        assertEquals(LONGEST, later(TermLength.FAR_NS, 0));
    }

    @Test
    void aPeerThatOnlySeemedFarGetsShortOnesAgain() {
        becomes(LONG);
        long changedNs = nowNs;
        assertEquals(LONG, terms.wanted(1, GRANTED, changedNs + TermLength.JUDGED_AFTER_NS - 1));
        assertEquals(LONG, terms.wanted(TermLength.NEAR_NS, GRANTED, changedNs + TermLength.JUDGED_AFTER_NS));
        assertEquals(SHORT, terms.wanted(TermLength.NEAR_NS - 1, GRANTED, changedNs + TermLength.JUDGED_AFTER_NS));
    }

    @Test
    void whereThereWasNoMemoryItIsTriedAgainLater() {
        later(TermLength.PLAINLY_FAR_NS, GRANTED);
        assertEquals(LONG, later(TermLength.PLAINLY_FAR_NS, GRANTED));
        terms.keep(nowNs);
        assertEquals(SHORT, later(TermLength.PLAINLY_FAR_NS, GRANTED));
        assertEquals(LONG, later(TermLength.PLAINLY_FAR_NS, GRANTED));
    }

    @Test
    void whereThereIsNoMemoryForAnyOfTheirLengthTheyBeginAnew() {
        becomes(LONGEST);
        terms.beginAnew(nowNs);
        assertEquals(SHORT, terms.bytes());
        assertEquals(SHORT, terms.wanted(TermLength.PLAINLY_FAR_NS, GRANTED, nowNs + TermLength.GROWN_AFTER_NS - 1));
        assertEquals(LONG, later(TermLength.PLAINLY_FAR_NS, GRANTED));
    }

    @Test
    void theyNeverGrowBeyondTheConfiguration() {
        TermLength configured = new TermLength(SHORT);
        configured.wanted(TermLength.FAR_NS, GRANTED, START_NS);
        assertEquals(SHORT, configured.wanted(TermLength.FAR_NS, GRANTED, START_NS + TermLength.JUDGED_AFTER_NS));
    }

    private void becomes(int length) {
        later(TermLength.FAR_NS, 0);
        terms.change(length, nowNs);
    }

    private int later(long roundTripNs, int granted) {
        nowNs += TermLength.JUDGED_AFTER_NS;
        return terms.wanted(roundTripNs, granted, nowNs);
    }
}
