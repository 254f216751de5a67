package org.pairspan.kms.sealing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * Seals keys for the journal and opens them again. Each persistence id has a subkey of its own,
 * {@code HKDF(salt "pairspan sealing v1", master key, info = algorithm name | 0 | persistence id)}; the nonce is 96 random bits, the
 * associated data {@code persistence id|version}, so that what was sealed for one place opens in no other. Safe for use by several threads.
 */
public final class Sealer {

    private static final byte[] SALT = "pairspan sealing v1".getBytes(StandardCharsets.US_ASCII);
    private static final int NONCE_LENGTH = 12;
    private static final int TAG_LENGTH = 16;
    private static final int HEADER_LENGTH = 1 + NONCE_LENGTH;

    private final byte[] masterKey;
    private final SealingAlgorithm algorithm;
    private final SecureRandom random;
    private final BouncyCastleProvider bouncyCastle = new BouncyCastleProvider();

    /**
     * @param masterKey 32 bytes; copied
     * @param algorithm for what will be sealed; opening follows what is stored
     * @param random    source of nonces
     */
    public Sealer(byte[] masterKey, SealingAlgorithm algorithm, SecureRandom random) {
        if (masterKey.length != MasterKey.LENGTH) {
            throw new IllegalArgumentException("a master key has " + MasterKey.LENGTH + " bytes, not " + masterKey.length);
        }
        this.masterKey = masterKey.clone();
        this.algorithm = algorithm;
        this.random = random;
    }

    /**
     * Seals a key. The plaintext stays the caller's to wipe.
     *
     * @param persistenceId where it will be stored
     * @param version       the key's version
     */
    public SealedKey seal(String persistenceId, int version, byte[] plaintext) {
        byte[] nonce = new byte[NONCE_LENGTH];
        random.nextBytes(nonce);
        byte[] sealed = Arrays.copyOf(new byte[] {algorithm.number()}, HEADER_LENGTH + plaintext.length + TAG_LENGTH);
        System.arraycopy(nonce, 0, sealed, 1, NONCE_LENGTH);
        try {
            Cipher cipher = cipher(algorithm, Cipher.ENCRYPT_MODE, nonce, persistenceId, version);
            cipher.doFinal(plaintext, 0, plaintext.length, sealed, HEADER_LENGTH);
        } catch (GeneralSecurityException e) {
            throw new SealingException("cannot seal a key for " + persistenceId, e);
        }
        return new SealedKey(sealed);
    }

    /**
     * Opens what was sealed for this place and version.
     *
     * @return the plaintext, the caller's to wipe
     * @throws SealingException where it does not open
     */
    public byte[] open(String persistenceId, int version, SealedKey sealedKey) {
        byte[] sealed = sealedKey.bytes();
        if (sealed.length < HEADER_LENGTH + TAG_LENGTH) {
            throw new SealingException("sealed key of " + persistenceId + " is cut short: " + sealed.length + " bytes");
        }
        byte[] nonce = Arrays.copyOfRange(sealed, 1, HEADER_LENGTH);
        try {
            Cipher cipher = cipher(SealingAlgorithm.ofNumber(sealed[0]), Cipher.DECRYPT_MODE, nonce, persistenceId, version);
            return cipher.doFinal(sealed, HEADER_LENGTH, sealed.length - HEADER_LENGTH);
        } catch (GeneralSecurityException e) {
            throw new SealingException("the sealed key of " + persistenceId + " version " + version + " does not open", e);
        }
    }

    private Cipher cipher(SealingAlgorithm how, int mode, byte[] nonce, String persistenceId, int version)
            throws GeneralSecurityException {
        byte[] subkey = subkey(how, persistenceId);
        try {
            Cipher cipher = switch (how) {
                case AES_256_GCM -> Cipher.getInstance("AES/GCM/NoPadding");
                case SM4_GCM -> Cipher.getInstance("SM4/GCM/NoPadding", bouncyCastle);
            };
            SecretKeySpec key = new SecretKeySpec(subkey, how == SealingAlgorithm.SM4_GCM ? "SM4" : "AES");
            cipher.init(mode, key, new GCMParameterSpec(TAG_LENGTH * Byte.SIZE, nonce));
            cipher.updateAAD((persistenceId + '|' + version).getBytes(StandardCharsets.UTF_8));
            return cipher;
        } finally {
            Arrays.fill(subkey, (byte) 0);
        }
    }

    private byte[] subkey(SealingAlgorithm how, String persistenceId) {
        HKDFBytesGenerator hkdf = new HKDFBytesGenerator(how == SealingAlgorithm.SM4_GCM ? new SM3Digest() : new SHA256Digest());
        byte[] info = (how.configName() + '\0' + persistenceId).getBytes(StandardCharsets.UTF_8);
        hkdf.init(new HKDFParameters(masterKey, SALT, info));
        byte[] subkey = new byte[how.keyLength()];
        hkdf.generateBytes(subkey, 0, subkey.length);
        return subkey;
    }
}
