package org.pairspan.kms.sealing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SealerTest {

    private static final byte[] KEY = "0123456789abcdef0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
    private static final String PLACE = "pair-key|a~b";

    @ParameterizedTest
    @EnumSource
    void whatWasSealedOpensAtItsPlaceAndVersion(SealingAlgorithm algorithm) {
        Sealer sealer = sealer(1, algorithm);
        SealedKey sealed = sealer.seal(PLACE, 1, KEY);
        assertArrayEquals(KEY, sealer.open(PLACE, 1, sealed));
    }

    @ParameterizedTest
    @EnumSource
    void itOpensNowhereElse(SealingAlgorithm algorithm) {
        Sealer sealer = sealer(1, algorithm);
        SealedKey sealed = sealer.seal(PLACE, 1, KEY);
        assertThrows(SealingException.class, () -> sealer.open("pair-key|a~c", 1, sealed));
        assertThrows(SealingException.class, () -> sealer.open(PLACE, 2, sealed));
        assertThrows(SealingException.class, () -> sealer(2, algorithm).open(PLACE, 1, sealed));
    }

    @Test
    void whateverByteIsChangedItDoesNotOpen() {
        Sealer sealer = sealer(1, SealingAlgorithm.AES_256_GCM);
        byte[] sealed = sealer.seal(PLACE, 1, KEY).bytes();
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            assertThrows(SealingException.class, () -> sealer.open(PLACE, 1, new SealedKey(changed)), "byte " + i);
            byte[] shorter = Arrays.copyOf(sealed, i);
            assertThrows(SealingException.class, () -> sealer.open(PLACE, 1, new SealedKey(shorter)), "length " + i);
        }
    }

    @Test
    void aChangedAlgorithmOpensWhatTheOtherSealed() {
        SealedKey sealed = sealer(1, SealingAlgorithm.AES_256_GCM).seal(PLACE, 1, KEY);
        assertArrayEquals(KEY, sealer(1, SealingAlgorithm.SM4_GCM).open(PLACE, 1, sealed));
    }

    @Test
    void sealingTwiceGivesTwoSealedForms() {
        Sealer sealer = sealer(1, SealingAlgorithm.AES_256_GCM);
        assertNotEquals(sealer.seal(PLACE, 1, KEY), sealer.seal(PLACE, 1, KEY));
    }

    @Test
    void aSealedServerSealsAndOpensNothing() {
        SealingRing ring = new SealingRing();
        SortedMap<Integer, byte[]> keys = new TreeMap<>();
        keys.put(1, new byte[SealingRing.KEY_LENGTH]);
        ring.fill(null, keys, 1);
        Sealer sealer = new Sealer(ring, number -> CompletableFuture.completedStage(null), SealingAlgorithm.AES_256_GCM, new SecureRandom());
        SealedKey sealed = sealer.seal(PLACE, 1, KEY);
        ring.wipe();
        assertThrows(SealingException.class, () -> sealer.open(PLACE, 1, sealed));
        assertThrows(SealingException.class, () -> sealer.seal(PLACE, 1, KEY));
    }

    @Test
    void aMissingRingKeyIsAskedForAndWaitedForByNobody() {
        SealingRing ring = new SealingRing();
        ring.fill(null, new TreeMap<>(Map.of(1, new byte[SealingRing.KEY_LENGTH])), 1);
        CompletableFuture<Void> journal = new CompletableFuture<>();
        AtomicInteger asked = new AtomicInteger();
        Sealer behind = new Sealer(ring, number -> {
            asked.set(number);
            return journal;
        }, SealingAlgorithm.AES_256_GCM, new SecureRandom());
        SealingRing newer = new SealingRing();
        newer.fill(null, new TreeMap<>(Map.of(2, new byte[SealingRing.KEY_LENGTH])), 2);
        SealedKey sealed = new Sealer(newer, number -> journal, SealingAlgorithm.AES_256_GCM, new SecureRandom()).seal(PLACE, 1, KEY);
        assertThrows(SealingException.class, () -> behind.open(PLACE, 1, sealed), "it does not wait for the journal");
        assertEquals(2, asked.get());
        CompletionStage<Void> ready = behind.ready(List.of(sealed));
        assertFalse(ready.toCompletableFuture().isDone());
        ring.fill(null, new TreeMap<>(Map.of(2, new byte[SealingRing.KEY_LENGTH])), 2);
        journal.complete(null);
        ready.toCompletableFuture().join();
        assertArrayEquals(KEY, behind.open(PLACE, 1, sealed));
        assertTrue(behind.ready(List.of(sealed, new SealedKey(new byte[0]))).toCompletableFuture().isDone());
    }

    private static Sealer sealer(int key, SealingAlgorithm algorithm) {
        byte[] masterKey = new byte[MasterKey.LENGTH];
        Arrays.fill(masterKey, (byte) key);
        return new Sealer(masterKey, algorithm, new SecureRandom());
    }
}
