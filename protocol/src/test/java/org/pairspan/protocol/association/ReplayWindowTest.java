package org.pairspan.protocol.association;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReplayWindowTest {
    private static final int SIZE = ReplayWindow.SIZE;

    private final ReplayWindow window = new ReplayWindow();

    @Test
    void aNumberIsNewOnce() {
        assertTrue(window.admits(1));
        window.accept(1);
        assertFalse(window.admits(1));
        assertTrue(window.admits(2));
    }

    @Test
    void askingChangesNothing() {
        assertTrue(window.admits(1_000_000));
        assertTrue(window.admits(1));
        assertEquals(0, window.highest());
    }

    @Test
    void zeroAndNegativeNumbersAreNeverNew() {
        assertFalse(window.admits(0));
        assertFalse(window.admits(-1));
        assertFalse(window.admits(Long.MIN_VALUE));
    }

    @Test
    void theWindowEndsWhereItsSizeSays() {
        window.accept(SIZE + 100);
        assertTrue(window.admits(101));
        assertFalse(window.admits(100));
    }

    @Test
    void aJumpAcrossTheWholeRingForgetsEverythingBelow() {
        for (long sequence = 1; sequence <= 2 * SIZE; sequence++) {
            window.accept(sequence);
        }
        window.accept(10L * SIZE);
        assertTrue(window.admits(10L * SIZE - SIZE + 1));
        assertFalse(window.admits(10L * SIZE - SIZE));
    }

    @Test
    void theWindowWorksAcross32Bits() {
        ReplayWindow late = new ReplayWindow(0xFFFF_FFFFL);
        assertTrue(late.admits(0x1_0000_0000L));
        late.accept(0x1_0000_0000L);
        assertFalse(late.admits(0x1_0000_0000L));
        assertTrue(late.admits(0xFFFF_FFFEL));
    }

    @Test
    void itAgreesWithASetOfAllNumbersSeen() {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            ReplayWindow tested = new ReplayWindow();
            Set<Long> seen = new HashSet<>();
            long highest = 0;
            for (int i = 0; i < 20_000; i++) {
                int reach = random.nextInt(50) == 0 ? 3 * SIZE : 100;
                long sequence = Math.max(1, highest + reach / 2 - random.nextInt(random.nextInt(20) == 0 ? 2 * SIZE : reach));
                boolean expected = !seen.contains(sequence) && sequence > highest - SIZE;
                assertEquals(expected, tested.admits(sequence), "seed " + seed + ", step " + i + ", sequence " + sequence);
                if (expected) {
                    tested.accept(sequence);
                    seen.add(sequence);
                    highest = Math.max(highest, sequence);
                }
            }
        }
    }
}
