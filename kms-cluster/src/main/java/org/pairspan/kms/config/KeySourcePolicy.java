package org.pairspan.kms.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Of which sources a key is made, and what happens when one of them fails. Policies name a key source by these words. */
public enum KeySourcePolicy {
    /** The server's own generator. */
    RANDOM(false),
    /** The quantum key source alone. No key where it fails. */
    QUANTUM(true),
    /** A key derivation over both. No key where either fails. */
    BOTH_REQUIRED(true),
    /** A key derivation over both; where one fails, the other alone, which the audit log tells of each such key. No key where both fail. */
    EITHER(true);

    private final boolean usesQuantum;

    KeySourcePolicy(boolean usesQuantum) {
        this.usesQuantum = usesQuantum;
    }

    /** Whether a quantum key source has to be configured for it. */
    public boolean usesQuantum() {
        return usesQuantum;
    }

    /** Its name in settings and policies: {@code both-required}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The policy of a name; empty where there is none. */
    public static Optional<KeySourcePolicy> ofWord(String word) {
        return Arrays.stream(values()).filter(policy -> policy.word().equals(word)).findFirst();
    }
}
