package org.pairspan.protocol.association;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LifetimeTest {
    @Test
    void theOwnCopyIsSevenEighths() {
        assertEquals(new SaLifetime(700, 7000, 70_000), new SaLifetime(800, 8000, 80_000).soft());
        assertEquals(new SaLifetime(7L << 29, 7L << 39, 21L * 3_600_000_000_000L), SaLifetime.DEFAULT.soft());
    }

    @Test
    void anyOneLimitEndsTheLifetime() {
        SaLifetime lifetime = new SaLifetime(100, 200, 300);
        assertFalse(lifetime.reachedBy(99, 199, 299));
        assertTrue(lifetime.reachedBy(100, 0, 0));
        assertTrue(lifetime.reachedBy(0, 200, 0));
        assertTrue(lifetime.reachedBy(0, 0, 300));
    }

    @Test
    void aLimitTooSmallToHaveASmallerCopyIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new SaLifetime(7, 8, 8));
        assertThrows(IllegalArgumentException.class, () -> new SaLifetime(8, 0, 8));
        assertThrows(IllegalArgumentException.class, () -> new SaLifetime(8, 8, -1));
    }

    @Test
    void sequenceNumbersStopForGood() {
        SequenceNumbers numbers = new SequenceNumbers(3);
        assertEquals(1, numbers.next());
        assertEquals(2, numbers.next());
        assertEquals(3, numbers.next());
        assertEquals(SequenceNumbers.EXHAUSTED, numbers.next());
        assertEquals(SequenceNumbers.EXHAUSTED, numbers.next());
        assertEquals(3, numbers.current());
    }

    @Test
    void sequenceNumbersDoNotWrapAtTheLargestLong() {
        SequenceNumbers numbers = new SequenceNumbers(Long.MAX_VALUE - 1, Long.MAX_VALUE);
        assertEquals(Long.MAX_VALUE, numbers.next());
        assertEquals(SequenceNumbers.EXHAUSTED, numbers.next());
    }
}
