package org.pairspan.kms.sealing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;

/**
 * Seals keys for the journal and opens them again. What was sealed for one persistence id and version opens at no other; {@link SealedKey}
 * has the format. Safe for use by several threads.
 */
public final class Sealer {

    private static final byte WITH_NUMBER = 0x10;
    private static final int OLD_HEADER_LENGTH = 1;
    private static final int HEADER_LENGTH = 1 + Integer.BYTES;

    private final SealingRing ring;
    private final IntFunction<CompletionStage<Void>> refresh;
    private final SealingAlgorithm algorithm;
    private final SecureRandom random;

    /**
     * @param ring      the keys
     * @param refresh   asks the journal for a ring key that another server added, by its number; returns at once, and completes when the ring
     *                  has what the journal has
     * @param algorithm for what will be sealed; opening follows what is stored
     * @param random    source of nonces
     */
    public Sealer(SealingRing ring, IntFunction<CompletionStage<Void>> refresh, SealingAlgorithm algorithm, SecureRandom random) {
        this.ring = ring;
        this.refresh = refresh;
        this.algorithm = algorithm;
        this.random = random;
    }

    /**
     * With a ring of one key, number 1, that is stored nowhere.
     *
     * @param key 32 bytes; copied
     */
    public Sealer(byte[] key, SealingAlgorithm algorithm, SecureRandom random) {
        this(new SealingRing(), number -> CompletableFuture.completedStage(null), algorithm, random);
        if (key.length != SealingRing.KEY_LENGTH) {
            throw new IllegalArgumentException("a ring key has " + SealingRing.KEY_LENGTH + " bytes, not " + key.length);
        }
        SortedMap<Integer, byte[]> keys = new TreeMap<>();
        keys.put(1, key.clone());
        ring.fill(null, keys, 1);
    }

    /**
     * Seals a key. The plaintext stays the caller's to wipe.
     *
     * @param persistenceId where it will be stored
     * @param version       the key's version
     * @throws SealingException where this server is sealed
     */
    public SealedKey seal(String persistenceId, int version, byte[] plaintext) {
        SealingRing.NumberedKey with = ring.activeKey();
        boolean old = with.number() == SealingRing.FIRST_JOURNALS_KEY;
        int header = old ? OLD_HEADER_LENGTH : HEADER_LENGTH;
        byte[] sealed = new byte[header + AuthenticatedCipher.NONCE_LENGTH + plaintext.length + AuthenticatedCipher.TAG_LENGTH];
        sealed[0] = old ? algorithm.number() : (byte) (algorithm.number() | WITH_NUMBER);
        if (!old) {
            ByteBuffer.wrap(sealed).putInt(1, with.number());
        }
        try {
            AuthenticatedCipher.encrypt(algorithm, with.key(), persistenceId, associated(persistenceId, version), plaintext, random, sealed,
                    header);
        } catch (GeneralSecurityException e) {
            throw new SealingException("cannot seal a key for " + persistenceId, e);
        } finally {
            Arrays.fill(with.key(), (byte) 0);
        }
        return new SealedKey(sealed);
    }

    /**
     * Makes ready to open what is sealed with keys that another server may just have added to the ring.
     *
     * @return completes when all ring keys that the journal has of those needed are here; fails where the journal does not answer
     */
    public CompletionStage<Void> ready(Collection<SealedKey> sealedKeys) {
        CompletionStage<Void> all = CompletableFuture.completedStage(null);
        for (SealedKey sealed : sealedKeys) {
            int number = ringKey(sealed.bytes());
            if (!ring.has(number)) {
                all = all.thenCompose(before -> refresh.apply(number));
            }
        }
        return all;
    }

    /**
     * Opens what was sealed for this place and version. Does not block: where the ring has not got the key yet that another server added, the
     * journal is asked for it, and what is sealed with it opens a moment later.
     *
     * @return the plaintext, the caller's to wipe
     * @throws SealingException where it does not open, not yet either, or this server is sealed
     */
    public byte[] open(String persistenceId, int version, SealedKey sealedKey) {
        byte[] sealed = sealedKey.bytes();
        boolean numbered = sealed.length > 0 && (sealed[0] & WITH_NUMBER) != 0;
        int header = numbered ? HEADER_LENGTH : OLD_HEADER_LENGTH;
        if (sealed.length < header + AuthenticatedCipher.NONCE_LENGTH + AuthenticatedCipher.TAG_LENGTH) {
            throw new SealingException("sealed key of " + persistenceId + " is cut short: " + sealed.length + " bytes");
        }
        SealingAlgorithm how = SealingAlgorithm.ofNumber((byte) (sealed[0] & ~WITH_NUMBER));
        byte[] key = key(ringKey(sealed), persistenceId);
        try {
            return AuthenticatedCipher.decrypt(how, key, persistenceId, associated(persistenceId, version), sealed, header);
        } catch (GeneralSecurityException e) {
            throw new SealingException("the sealed key of " + persistenceId + " version " + version + " does not open", e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /** Number of the ring key that something is sealed with. */
    private static int ringKey(byte[] sealed) {
        return sealed.length >= HEADER_LENGTH && (sealed[0] & WITH_NUMBER) != 0 ? ByteBuffer.wrap(sealed).getInt(1)
                : SealingRing.FIRST_JOURNALS_KEY;
    }

    private byte[] key(int number, String persistenceId) {
        byte[] key = ring.key(number);
        if (key == null) {
            refresh.apply(number);
            throw new SealingException("the sealed key of " + persistenceId + " needs ring key " + number
                    + ", which this server does not have; the journal is asked for it");
        }
        return key;
    }

    private static byte[] associated(String persistenceId, int version) {
        return (persistenceId + '|' + version).getBytes(StandardCharsets.UTF_8);
    }
}
