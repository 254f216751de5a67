package org.pairspan.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private static int takeAll(TokenBucket bucket, long nowNs) {
        int taken = 0;
        while (bucket.take(nowNs)) {
            taken++;
        }
        return taken;
    }

    @Test
    void aFullBucketLetsABurstPassAndThenOneAnInterval() {
        TokenBucket bucket = new TokenBucket(5, 100, 0);
        assertEquals(5, takeAll(bucket, 0));
        assertFalse(bucket.has(99));
        assertTrue(bucket.has(100));
        assertEquals(1, takeAll(bucket, 199));
        assertEquals(1, takeAll(bucket, 200));
        assertEquals(3, takeAll(bucket, 540));
        assertEquals(1, takeAll(bucket, 600));
    }

    @Test
    void itNeverHoldsMoreThanItsCapacity() {
        TokenBucket bucket = new TokenBucket(3, 1, 0);
        assertEquals(3, takeAll(bucket, Long.MAX_VALUE));
    }

    @Test
    void aClockThatPassesItsLargestValueOrStepsBackDoesNoHarm() {
        TokenBucket bucket = new TokenBucket(2, 10, Long.MAX_VALUE - 5);
        assertEquals(2, takeAll(bucket, Long.MAX_VALUE));
        assertEquals(1, takeAll(bucket, Long.MIN_VALUE + 5));
        assertEquals(0, takeAll(bucket, Long.MAX_VALUE - 1_000));
    }

    @Test
    void oneThatHoldsNothingIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new TokenBucket(0, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new TokenBucket(1, 0, 0));
    }
}
