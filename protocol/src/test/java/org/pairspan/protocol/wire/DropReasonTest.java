package org.pairspan.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DropReasonTest {
    @Test
    void everyReasonIsFoundByItsIdAndSaysOneSentence() {
        for (DropReason reason : DropReason.values()) {
            assertTrue(reason.id() > 0 && reason.id() < DropReason.idLimit(), reason::name);
            assertSame(reason, DropReason.ofId(reason.id()));
            assertTrue(reason.description().endsWith(".") && !reason.description().contains(". "), reason::name);
        }
        assertThrows(IllegalArgumentException.class, () -> DropReason.ofId(0));
        assertThrows(IllegalArgumentException.class, () -> DropReason.ofId(DropReason.idLimit()));
    }

    @Test
    void eachReasonIsCountedByItself() {
        DropCounters counters = new DropCounters();
        counters.increment(DropReason.ICV);
        counters.incrementByResult(-DropReason.ICV.id());
        counters.add(DropReason.REPLAYED, 40);
        assertEquals(2, counters.get(DropReason.ICV));
        assertEquals(40, counters.get(DropReason.REPLAYED));
        assertEquals(0, counters.get(DropReason.PADDING));
        assertEquals(42, counters.total());
    }
}
