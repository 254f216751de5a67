package org.pairspan.protocol.crypto;

import java.util.Arrays;

/** HKDF, the extract-and-expand key derivation of RFC 5869, over HMAC with SHA-256 or SM3. No state. */
public final class Hkdf {
    /** The most that one expansion can give (RFC 5869 section 2.3), in bytes. */
    public static final int MAX_LENGTH = 255 * HashAlgorithm.LENGTH;

    private Hkdf() {
    }

    /** RFC 5869 section 2.2. The caller wipes the result, a pseudorandom key of 32 bytes. */
    public static byte[] extract(HashAlgorithm hash, byte[] salt, byte[] inputKeyingMaterial) {
        // "if not provided, [salt] is set to a string of HashLen zeros": HMAC pads a shorter key with zeros to the same.
        byte[] key = salt.length == 0 ? new byte[HashAlgorithm.LENGTH] : salt;
        return hash.hmac(key, inputKeyingMaterial);
    }

    /**
     * RFC 5869 section 2.3. The caller wipes the result.
     *
     * @param length bytes of output, 1 to {@link #MAX_LENGTH}.
     */
    public static byte[] expand(HashAlgorithm hash, byte[] pseudorandomKey, byte[] info, int length) {
        if (length < 1 || length > MAX_LENGTH) {
            throw new IllegalArgumentException("HKDF gives 1 to " + MAX_LENGTH + " bytes, not " + length);
        }
        byte[] output = new byte[length];
        byte[] previous = new byte[0];
        for (int done = 0, counter = 1; done < length; counter++) {
            // T(i) = HMAC-Hash(PRK, T(i-1) | info | i)
            byte[] block = hash.hmac(pseudorandomKey, previous, info, new byte[] {(byte) counter});
            int part = Math.min(block.length, length - done);
            System.arraycopy(block, 0, output, done, part);
            done += part;
            Arrays.fill(previous, (byte) 0);
            previous = block;
        }
        Arrays.fill(previous, (byte) 0);
        return output;
    }
}
