package org.pairspan.node.bearer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class QuestionGateTest {
    private static final long START_NS = Long.MAX_VALUE - 1;

    private final QuestionGate gate = new QuestionGate();

    @Test
    void aKnownPeerIsAskedForInTheMiddleOfAFloodOfStrangers() {
        int strangers = 0;
        for (int number = 1_000; number < 2_000; number++) {
            strangers += gate.admits(number, false, START_NS) ? 1 : 0;
        }
        assertEquals(1, strangers);
        assertTrue(gate.admits(2_000, false, START_NS + QuestionGate.STRANGERS_INTERVAL_NS));
        assertTrue(gate.admits(2, true, START_NS));
        assertTrue(gate.admits(3, true, START_NS));
    }

    @Test
    void forgedNumbersOfOneKnownPeerAskSeldom() {
        assertTrue(gate.admits(2, true, START_NS));
        assertFalse(gate.admits(2, true, START_NS + QuestionGate.PEER_INTERVAL_NS - 1));
        assertTrue(gate.admits(2, true, START_NS + QuestionGate.PEER_INTERVAL_NS));
    }

    @Test
    void aMemberThatIsForgottenIsAStranger() {
        assertTrue(gate.admits(7, true, START_NS));
        gate.forget(7);
        assertTrue(gate.admits(7, true, START_NS + 1), "as if it had never been asked about");
    }
}
