package org.pairspan.kms.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StandingTest {

    private static final long START = 5_000_000_000L;
    private static final long MAJORITY = Standing.MAJORITY_HOLDS.toNanos();
    private static final long JOURNAL = Standing.JOURNAL_HOLDS.toNanos();

    private final Standing standing = new Standing();

    @Test
    void aServerHasNoneUntilMajorityAndJournalHaveSpoken() {
        assertFalse(standing.holdsAt(START));
        standing.majorityAt(START);
        assertFalse(standing.holdsAt(START));
        standing.journalAt(START);
        assertTrue(standing.holdsAt(START));
    }

    @Test
    void aFrozenServerWakesWithoutIt() {
        standing.majorityAt(START);
        standing.journalAt(START);
        assertTrue(standing.holdsAt(START + MAJORITY - 1));
        assertFalse(standing.holdsAt(START + MAJORITY));
        assertFalse(standing.holdsAt(START + Duration.ofDays(1).toNanos()));
    }

    @Test
    void aServerWithoutItsJournalLosesItThoughTheMajorityIsThere() {
        standing.journalAt(START);
        standing.majorityAt(START + JOURNAL);
        assertFalse(standing.holdsAt(START + JOURNAL));
        standing.journalAt(START + JOURNAL);
        assertTrue(standing.holdsAt(START + JOURNAL));
    }

    @Test
    void theOnlyServerNeedsNobodysWordButTheJournals() {
        standing.alone(true);
        standing.journalAt(START);
        assertTrue(standing.holdsAt(START + JOURNAL - 1));
        assertFalse(standing.holdsAt(START + JOURNAL));
        standing.alone(false);
        assertFalse(standing.holdsAt(START + 1));
    }

    @Test
    void whileEveryPossibleFounderCountsTheServerInTheJournalIsNotNeeded() {
        standing.majorityAt(START);
        standing.seedsAt(START);
        assertTrue(standing.holdsAt(START + MAJORITY - 1));
        standing.majorityAt(START + MAJORITY);
        assertFalse(standing.holdsAt(START + MAJORITY));
        standing.onlySeed(true);
        assertTrue(standing.holdsAt(START + MAJORITY));
    }

    @Test
    void theTroubleNamesWhatIsMissing() {
        assertEquals("this key server does not reach the majority of its cluster", standing.trouble());
        standing.alone(true);
        assertEquals("this key server does not reach its journal", standing.trouble());
    }

    @Test
    void aFounderWaitsLongerThanTheJournalsWordHolds() {
        assertTrue(Founding.PATIENCE.compareTo(Standing.JOURNAL_HOLDS.plusSeconds(1)) > 0);
    }
}
