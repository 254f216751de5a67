package org.pairspan.kms.source.combined;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.pairspan.kms.source.KeySource;
import org.pairspan.runtime.certificate.KeyKind;

/**
 * One key of two, by HKDF (RFC 5869): to know it takes both.
 *
 * <pre>
 * salt  "pairspan key combination v1"
 * IKM   length of the random key (2 bytes) | random key | length of the quantum key (2 bytes) | quantum key
 * info  "random and quantum"
 * L     32 bytes
 * </pre>
 *
 * The hash is SHA-256, or SM3 where the service's certificates are SM2. Any thread.
 */
final class KeyCombination {

    private static final byte[] SALT = "pairspan key combination v1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] INFO = "random and quantum".getBytes(StandardCharsets.US_ASCII);

    private final KeyKind family;

    /** @param family of the service's certificates; decides the hash */
    KeyCombination(KeyKind family) {
        this.family = family;
    }

    /** The key of both, the caller's to wipe, as the two are. */
    byte[] of(byte[] random, byte[] quantum) {
        ByteBuffer material = ByteBuffer.allocate(2 * Short.BYTES + random.length + quantum.length)
                .putShort((short) random.length).put(random).putShort((short) quantum.length).put(quantum);
        try {
            HKDFBytesGenerator hkdf = new HKDFBytesGenerator(family == KeyKind.SM2 ? new SM3Digest() : new SHA256Digest());
            hkdf.init(new HKDFParameters(material.array(), SALT, INFO));
            byte[] key = new byte[KeySource.KEY_LENGTH];
            hkdf.generateBytes(key, 0, key.length);
            return key;
        } finally {
            Arrays.fill(material.array(), (byte) 0);
        }
    }
}
