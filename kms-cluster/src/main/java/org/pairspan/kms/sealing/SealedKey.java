package org.pairspan.kms.sealing;

import java.util.Arrays;
import java.util.Objects;

/**
 * A key as the journal keeps it. The subkey is that of the persistence id, under the ring key of this number; the associated data are
 * {@code persistence id|version}.
 *
 * <pre>
 *  0        1                 5                17                     length-16
 * +--------+-----------------+----------------+----------------------+----------------+
 * | format | ring key number | nonce          | ciphertext           | tag            |
 * +--------+-----------------+----------------+----------------------+----------------+
 * format 0x11 AES-256-GCM, 0x12 SM4-GCM
 *
 *  0        1                13                     length-16
 * +--------+----------------+----------------------+----------------+
 * | format | nonce          | ciphertext           | tag            |   ring key 0: journals begun before there were rings
 * +--------+----------------+----------------------+----------------+
 * format 0x01 AES-256-GCM, 0x02 SM4-GCM
 * </pre>
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
