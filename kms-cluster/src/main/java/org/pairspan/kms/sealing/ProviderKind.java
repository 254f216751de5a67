package org.pairspan.kms.sealing;

import java.util.Locale;

/** Who keeps the master key. */
public enum ProviderKind {

    /** A file of 64 hex digits at each key server. */
    FILE(1),
    /** A passphrase, in a file or in an operator's head; the key is derived from it by Argon2id. */
    PASSPHRASE(2),
    /** An AES key that never leaves a PKCS #11 token. */
    PKCS11(3),
    /** Shares, of which so many together give the key. */
    SHARES(4);

    private final byte number;

    ProviderKind(int number) {
        this.number = (byte) number;
    }

    /** As the wrapped ring says it. */
    byte number() {
        return number;
    }

    /** As the configuration says it. */
    public String configName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static ProviderKind ofNumber(byte number) {
        for (ProviderKind kind : values()) {
            if (kind.number == number) {
                return kind;
            }
        }
        throw new SealingException("the sealing ring is wrapped by a provider this version does not know: " + number);
    }
}
