package org.pairspan.kms.sealing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RingVaultTest {

    private static final byte[] KEY = "0123456789abcdef0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
    private static final String PLACE = "pair-key|a~b";
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final SecureRandom random = new SecureRandom();
    private final Memory store = new Memory();
    private final RingVault vault = vault(store, SealingAlgorithm.AES_256_GCM);
    private final SealingRing ring = new SealingRing();

    /** A journal's value; may be told to fail, before or after it has changed. */
    private static final class Memory implements RingVault.Store {

        private byte[] value;
        private boolean failsBefore;
        private boolean failsAfter;

        @Override
        public synchronized Optional<byte[]> read() {
            return Optional.ofNullable(value).map(byte[]::clone);
        }

        @Override
        public synchronized void begin(byte[] first) {
            if (value == null) {
                value = first.clone();
            }
        }

        @Override
        public synchronized boolean replace(byte[] expected, byte[] next) {
            requireWorks(failsBefore);
            if (!Arrays.equals(expected, value)) {
                return false;
            }
            value = next.clone();
            requireWorks(failsAfter);
            return true;
        }

        private static void requireWorks(boolean fails) {
            if (fails) {
                throw new IllegalStateException("the connection broke");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatARingSealedOpensAfterTheRingWasReadAgain(SealingAlgorithm algorithm) {
        RingVault other = vault(new Memory(), algorithm);
        other.create(masterKey(1));
        other.open(masterKey(1), ring);
        SealedKey sealed = sealer(ring).seal(PLACE, 1, KEY);
        SealingRing again = new SealingRing();
        other.open(masterKey(1), again);
        assertArrayEquals(KEY, sealer(again).open(PLACE, 1, sealed));
    }

    @Test
    void anotherMasterKeyDoesNotOpenIt() {
        vault.create(masterKey(1));
        assertThrows(SealingException.class, () -> vault.open(masterKey(2), ring));
        assertFalse(ring.isOpen());
        assertTrue(vault.opensBy(masterKey(1)));
        assertFalse(vault.opensBy(masterKey(2)));
    }

    @Test
    void whateverByteOfItIsChangedItDoesNotOpen() {
        vault.create(masterKey(1));
        byte[] whole = store.value;
        for (int i = 0; i < whole.length; i++) {
            store.value = whole.clone();
            store.value[i] ^= 1;
            assertThrows(SealingException.class, () -> vault.open(masterKey(1), new SealingRing()), "byte " + i);
            store.value = Arrays.copyOf(whole, i);
            assertThrows(SealingException.class, () -> vault.open(masterKey(1), new SealingRing()), "length " + i);
        }
    }

    @Test
    void aNewMasterKeyOpensWhatWasSealedBeforeAndTheOldOneOpensNothing() {
        vault.create(masterKey(1));
        vault.open(masterKey(1), ring);
        SealedKey before = sealer(ring).seal(PLACE, 1, KEY);
        Wrapping wrapping = vault.rewrap(ring, masterKey(2));
        assertEquals(2, wrapping.number());
        assertEquals("wrapping 2, by file, since 2026-03-01T12:00:00Z", vault.wrapping().orElseThrow().toString());
        assertThrows(SealingException.class, () -> vault.open(masterKey(1), new SealingRing()));
        SealingRing again = new SealingRing();
        vault.open(masterKey(2), again);
        assertArrayEquals(KEY, sealer(again).open(PLACE, 1, before));
        assertArrayEquals(KEY, sealer(ring).open(PLACE, 1, before));
    }

    @Test
    void anInterruptedChangeLeavesTheOldRingOrTheNewOne() {
        vault.create(masterKey(1));
        vault.open(masterKey(1), ring);
        store.failsBefore = true;
        assertThrows(IllegalStateException.class, () -> vault.rewrap(ring, masterKey(2)));
        assertThrows(IllegalStateException.class, () -> vault.addKey(ring));
        assertTrue(vault.opensBy(masterKey(1)));
        store.failsBefore = false;
        store.failsAfter = true;
        assertThrows(IllegalStateException.class, () -> vault.rewrap(ring, masterKey(2)));
        assertTrue(vault.opensBy(masterKey(2)));
        assertThrows(IllegalStateException.class, () -> vault.addKey(ring));
        vault.refresh(ring);
        assertEquals(2, ring.active());
    }

    @Test
    void aNewRingKeySealsAndTheOldOneStillOpens() {
        vault.create(masterKey(1));
        vault.open(masterKey(1), ring);
        SealedKey before = sealer(ring).seal(PLACE, 1, KEY);
        SealingRing otherServers = new SealingRing();
        vault.open(masterKey(1), otherServers);
        assertEquals(2, vault.addKey(ring));
        SealedKey after = sealer(ring).seal(PLACE, 2, KEY);
        assertEquals(2, after.bytes()[4]);
        assertArrayEquals(KEY, sealer(ring).open(PLACE, 1, before));
        Sealer otherSealer = new Sealer(otherServers, number -> {
            vault.refresh(otherServers);
            return CompletableFuture.completedStage(null);
        }, SealingAlgorithm.AES_256_GCM, random);
        otherSealer.ready(List.of(after)).toCompletableFuture().join();
        assertArrayEquals(KEY, otherSealer.open(PLACE, 2, after), "a server that did not know the key yet looks for it");
        assertThrows(SealingException.class, () -> sealer(ring).open(PLACE, 2, withRingKey(after, 9)));
    }

    @Test
    void aRingThatWasWipedMeanwhileIsNotFilledAgain() {
        vault.create(masterKey(1));
        vault.open(masterKey(1), ring);
        ring.wipe();
        assertThrows(SealingException.class, () -> vault.refresh(ring));
        assertThrows(SealingException.class, () -> vault.rewrap(ring, masterKey(2)));
        assertFalse(ring.isOpen());
    }

    @Test
    void aJournalBegunBeforeThereWereRingsIsAdoptedAndGoesOnInItsOldFormatUntilAKeyIsAdded() {
        byte[] old = new byte[MasterKey.LENGTH];
        Arrays.fill(old, (byte) 1);
        SealedKey before = oldSealed(old);
        vault.adopt(masterKey(1));
        vault.open(masterKey(1), ring);
        assertArrayEquals(KEY, sealer(ring).open(PLACE, 1, before));
        assertEquals(1, sealer(ring).seal(PLACE, 1, KEY).bytes()[0]);
        assertEquals(before.bytes().length, sealer(ring).seal(PLACE, 1, KEY).bytes().length);
        assertEquals(1, vault.addKey(ring));
        assertEquals(0x11, sealer(ring).seal(PLACE, 1, KEY).bytes()[0]);
        vault.rewrap(ring, masterKey(2));
        SealingRing again = new SealingRing();
        vault.open(masterKey(2), again);
        assertArrayEquals(KEY, sealer(again).open(PLACE, 1, before));
    }

    @Test
    void serversThatChangeTheRingAtOnceDoNotUndoEachOthersChange() throws InterruptedException {
        vault.create(masterKey(1));
        vault.open(masterKey(1), ring);
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            for (int server = 0; server < 3; server++) {
                threads.submit(() -> vault.addKey(ring));
            }
        }
        vault.rewrap(ring, masterKey(2));
        SealingRing again = new SealingRing();
        vault.open(masterKey(2), again);
        assertEquals(4, again.size());
        assertEquals(4, again.active());
    }

    /** As version 0.1 wrote it: algorithm, nonce, ciphertext and tag under the master key's subkey. */
    private SealedKey oldSealed(byte[] masterKey) {
        byte[] sealed = new byte[1 + AuthenticatedCipher.NONCE_LENGTH + KEY.length + AuthenticatedCipher.TAG_LENGTH];
        sealed[0] = 1;
        try {
            AuthenticatedCipher.encrypt(SealingAlgorithm.AES_256_GCM, masterKey, PLACE, (PLACE + "|1").getBytes(StandardCharsets.UTF_8), KEY,
                    random, sealed, 1);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        return new SealedKey(sealed);
    }

    private static SealedKey withRingKey(SealedKey sealed, int number) {
        byte[] changed = sealed.bytes().clone();
        changed[4] = (byte) number;
        return new SealedKey(changed);
    }

    private Sealer sealer(SealingRing of) {
        return new Sealer(of, number -> CompletableFuture.completedStage(null), SealingAlgorithm.AES_256_GCM, random);
    }

    private RingVault vault(RingVault.Store where, SealingAlgorithm algorithm) {
        return new RingVault(where, algorithm, InstantSource.fixed(NOW), random);
    }

    private LocalMasterKey masterKey(int fill) {
        byte[] key = new byte[MasterKey.LENGTH];
        Arrays.fill(key, (byte) fill);
        return new LocalMasterKey(ProviderKind.FILE, new byte[0], key, SealingAlgorithm.AES_256_GCM, random);
    }
}
