package org.pairspan.kms.source;

import java.nio.charset.StandardCharsets;
import java.security.DrbgParameters;
import java.security.DrbgParameters.Capability;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Keys from the JDK's DRBG (NIST SP 800-90A Hash_DRBG, strength 256 bit), seeded by the operating system and reseeded from it before
 * every key (prediction resistance).
 */
public final class RandomKeySource implements KeySource {

    private static final int STRENGTH = 256;

    private final SecureRandom random;

    public RandomKeySource() {
        try {
            random = SecureRandom.getInstance("DRBG", DrbgParameters.instantiation(STRENGTH, Capability.PR_AND_RESEED,
                    "pairspan key source".getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no DRBG of strength " + STRENGTH, e);
        }
    }

    @Override
    public CompletionStage<SourcedKey> next() {
        byte[] key = new byte[KEY_LENGTH];
        random.nextBytes(key);
        return CompletableFuture.completedStage(new SourcedKey(key, KeyOrigin.RANDOM));
    }
}
