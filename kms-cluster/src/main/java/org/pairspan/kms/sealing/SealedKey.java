package org.pairspan.kms.sealing;

import java.util.Arrays;
import java.util.Objects;

/**
 * A key as the journal keeps it: algorithm (1 byte), nonce (12 bytes), ciphertext and tag (16 bytes).
 *
 * @param bytes the sealed form; not copied, never changed
 */
public record SealedKey(byte[] bytes) {

    public SealedKey {
        Objects.requireNonNull(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SealedKey that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "SealedKey[" + bytes.length + " bytes]";
    }
}
