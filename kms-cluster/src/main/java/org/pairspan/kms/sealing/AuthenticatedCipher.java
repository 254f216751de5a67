package org.pairspan.kms.sealing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.pairspan.runtime.certificate.BouncyCastle;

/**
 * Encrypts under a subkey for each place, {@code HKDF(salt "pairspan sealing v1", key, info = algorithm name | 0 | place)}. Output: nonce
 * (12 random bytes), ciphertext, tag (16 bytes). Safe for use by several threads.
 */
final class AuthenticatedCipher {

    /** Bytes before the ciphertext. */
    static final int NONCE_LENGTH = 12;
    /** Bytes behind it. */
    static final int TAG_LENGTH = 16;

    private static final byte[] SALT = "pairspan sealing v1".getBytes(StandardCharsets.US_ASCII);
    /** Named, because a search through all providers costs more than the encryption of a key. */
    private static final String JAVA = "SunJCE";

    private AuthenticatedCipher() {
    }

    /**
     * Encrypts into an array behind what stands there already.
     *
     * @param into as long as it must be: {@code offset} + nonce + plaintext + tag
     */
    static void encrypt(SealingAlgorithm how, byte[] key, String place, byte[] associated, byte[] plaintext, SecureRandom random,
            byte[] into, int offset) throws GeneralSecurityException {
        byte[] nonce = new byte[NONCE_LENGTH];
        random.nextBytes(nonce);
        System.arraycopy(nonce, 0, into, offset, NONCE_LENGTH);
        cipher(how, Cipher.ENCRYPT_MODE, key, place, nonce, associated)
                .doFinal(plaintext, 0, plaintext.length, into, offset + NONCE_LENGTH);
    }

    /**
     * @param from begins at {@code offset} with the nonce
     * @return the plaintext, the caller's to wipe
     * @throws GeneralSecurityException where it was not encrypted so, or is cut short
     */
    static byte[] decrypt(SealingAlgorithm how, byte[] key, String place, byte[] associated, byte[] from, int offset)
            throws GeneralSecurityException {
        if (from.length < offset + NONCE_LENGTH + TAG_LENGTH) {
            throw new GeneralSecurityException("cut short: " + from.length + " bytes");
        }
        byte[] nonce = Arrays.copyOfRange(from, offset, offset + NONCE_LENGTH);
        int begin = offset + NONCE_LENGTH;
        return cipher(how, Cipher.DECRYPT_MODE, key, place, nonce, associated).doFinal(from, begin, from.length - begin);
    }

    private static Cipher cipher(SealingAlgorithm how, int mode, byte[] key, String place, byte[] nonce, byte[] associated)
            throws GeneralSecurityException {
        byte[] subkey = subkey(how, key, place);
        try {
            Cipher cipher = switch (how) {
                case AES_256_GCM -> Cipher.getInstance("AES/GCM/NoPadding", JAVA);
                case SM4_GCM -> Cipher.getInstance("SM4/GCM/NoPadding", BouncyCastle.PROVIDER);
            };
            SecretKeySpec spec = new SecretKeySpec(subkey, how == SealingAlgorithm.SM4_GCM ? "SM4" : "AES");
            cipher.init(mode, spec, new GCMParameterSpec(TAG_LENGTH * Byte.SIZE, nonce));
            cipher.updateAAD(associated);
            return cipher;
        } finally {
            Arrays.fill(subkey, (byte) 0);
        }
    }

    private static byte[] subkey(SealingAlgorithm how, byte[] key, String place) throws GeneralSecurityException {
        byte[] info = (how.configName() + '\0' + place).getBytes(StandardCharsets.UTF_8);
        if (how == SealingAlgorithm.AES_256_GCM) {
            return KDF.getInstance("HKDF-SHA256", JAVA)
                    .deriveData(HKDFParameterSpec.ofExtract().addIKM(key).addSalt(SALT).thenExpand(info, how.keyLength()));
        }
        HKDFBytesGenerator hkdf = new HKDFBytesGenerator(new SM3Digest());
        hkdf.init(new HKDFParameters(key, SALT, info));
        byte[] subkey = new byte[how.keyLength()];
        hkdf.generateBytes(subkey, 0, subkey.length);
        return subkey;
    }
}
