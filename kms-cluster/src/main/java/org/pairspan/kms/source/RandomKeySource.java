package org.pairspan.kms.source;

import java.nio.charset.StandardCharsets;
import java.security.DrbgParameters;
import java.security.DrbgParameters.Capability;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Keys from the JDK's DRBG (NIST SP 800-90A Hash_DRBG, strength 256 bit), seeded by the operating system and reseeded from it before
 * every key (prediction resistance). A generator that gives the same key twice in a row is broken, and gives no more.
 */
public final class RandomKeySource implements KeySource {

    private static final int STRENGTH = 256;

    private final SecureRandom random;
    private final MessageDigest digest;
    /** Of the key before; null before the first. */
    private byte[] last;
    private boolean broken;

    /** @throws IllegalStateException where the JDK lacks this generator. */
    public RandomKeySource() {
        this(drbg());
    }

    RandomKeySource(SecureRandom random) {
        this.random = random;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static SecureRandom drbg() {
        try {
            return SecureRandom.getInstance("DRBG", DrbgParameters.instantiation(STRENGTH, Capability.PR_AND_RESEED,
                    "pairspan key source".getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no DRBG of strength " + STRENGTH, e);
        }
    }

    @Override
    public CompletionStage<SourcedKey> next() {
        SourcedKey key = new SourcedKey(new byte[KEY_LENGTH], KeyOrigin.RANDOM);
        random.nextBytes(key.bytes());
        if (repeats(key.bytes())) {
            key.wipe();
            return CompletableFuture.failedStage(new KeySourceException("the random number generator repeats itself: restart this server,"
                    + " and look for the fault of its machine"));
        }
        return CompletableFuture.completedStage(key);
    }

    private synchronized boolean repeats(byte[] key) {
        byte[] now = digest.digest(key);
        broken |= MessageDigest.isEqual(now, last);
        last = now;
        return broken;
    }
}
