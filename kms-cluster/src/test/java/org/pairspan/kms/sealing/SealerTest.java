package org.pairspan.kms.sealing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pairspan.runtime.config.ConfigurationException;

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
    void aJournalOfAnotherMasterKeyStopsTheStart() {
        AtomicReference<byte[]> journal = new AtomicReference<>();
        CheckValue.verify(sealer(1, SealingAlgorithm.AES_256_GCM), "setting", proposed -> store(journal, proposed));
        CheckValue.verify(sealer(1, SealingAlgorithm.SM4_GCM), "setting", proposed -> store(journal, proposed));
        ConfigurationException refused = assertThrows(ConfigurationException.class,
                () -> CheckValue.verify(sealer(2, SealingAlgorithm.AES_256_GCM), "setting", proposed -> store(journal, proposed)));
        assertFalse(refused.remedy().isBlank());
    }

    private static byte[] store(AtomicReference<byte[]> journal, byte[] proposed) {
        journal.compareAndSet(null, proposed);
        return journal.get();
    }

    private static Sealer sealer(int key, SealingAlgorithm algorithm) {
        byte[] masterKey = new byte[MasterKey.LENGTH];
        Arrays.fill(masterKey, (byte) key);
        return new Sealer(masterKey, algorithm, new SecureRandom());
    }
}
