package org.pairspan.node.keyring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class NumberGateTest {
    private static final long START_NS = Long.MAX_VALUE - 1;

    private final NumberGate gate = new NumberGate(number -> number == 1, START_NS);

    @Test
    void aBurstPassesAndThenTheAverageRate() {
        assertEquals(NumberGate.BURST, admittedOf(1_000, START_NS));
        assertEquals(0, admittedOf(2_000, START_NS));
        assertEquals(NumberGate.PER_SECOND, admittedOf(3_000, START_NS + Duration.ofSeconds(1).toNanos()));
    }

    @Test
    void oneNumberPassesOncePerInterval() {
        long intervalNs = NumberGate.INTERVAL.toNanos();
        assertTrue(gate.admits(5, START_NS));
        assertFalse(gate.admits(5, START_NS + intervalNs - 1));
        assertTrue(gate.admits(5, START_NS + intervalNs));
    }

    @Test
    void aKnownPeerPassesWhenStrangersHaveUsedUpTheirs() {
        admittedOf(1_000, START_NS);
        assertTrue(gate.admits(1, START_NS));
    }

    @Test
    void aClosedNumberStaysClosedForItsTime() {
        gate.close(9, Duration.ofSeconds(5), START_NS);
        assertFalse(gate.admits(9, START_NS + Duration.ofSeconds(4).toNanos()));
        assertTrue(gate.admits(9, START_NS + Duration.ofSeconds(5).toNanos()));
    }

    private int admittedOf(int firstNumber, long nowNs) {
        int admitted = 0;
        for (int number = firstNumber; number < firstNumber + 500; number++) {
            admitted += gate.admits(number, nowNs) ? 1 : 0;
        }
        return admitted;
    }
}
