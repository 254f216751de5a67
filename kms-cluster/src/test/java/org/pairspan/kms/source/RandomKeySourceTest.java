package org.pairspan.kms.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RandomKeySourceTest {

    @Test
    void keysDiffer() {
        RandomKeySource source = new RandomKeySource();
        SourcedKey one = source.next().toCompletableFuture().join();
        assertEquals(KeySource.KEY_LENGTH, one.bytes().length);
        assertFalse(Arrays.equals(one.bytes(), source.next().toCompletableFuture().join().bytes()));
    }

    @Test
    void aGeneratorThatRepeatsItselfGivesNoMoreKeys() {
        int[] calls = {0};
        RandomKeySource source = new RandomKeySource(new SecureRandom() {
            @Override
            public void nextBytes(byte[] bytes) {
                Arrays.fill(bytes, (byte) (++calls[0] == 2 ? 1 : calls[0]));
            }
        });
        assertFalse(source.next().toCompletableFuture().isCompletedExceptionally());
        assertTrue(source.next().toCompletableFuture().isCompletedExceptionally());
        assertTrue(source.next().toCompletableFuture().isCompletedExceptionally());
    }
}
