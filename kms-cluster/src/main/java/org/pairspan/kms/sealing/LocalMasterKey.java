package org.pairspan.kms.sealing;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;

/** A master key in this process's memory, from a file, a passphrase or shares. Wraps as {@code algorithm (1 byte)}, nonce, ciphertext, tag. */
public final class LocalMasterKey implements MasterKeyProvider {

    private static final String PLACE = "master key";

    private final ProviderKind kind;
    private final byte[] parameters;
    private final byte[] key;
    private final SealingAlgorithm algorithm;
    private final SecureRandom random;

    /**
     * @param key       32 bytes; taken over, and wiped by {@link #close}
     * @param algorithm for what will be wrapped; unwrapping follows what is stored
     */
    public LocalMasterKey(ProviderKind kind, byte[] parameters, byte[] key, SealingAlgorithm algorithm, SecureRandom random) {
        if (key.length != MasterKey.LENGTH) {
            throw new IllegalArgumentException("a master key has " + MasterKey.LENGTH + " bytes, not " + key.length);
        }
        this.kind = kind;
        this.parameters = parameters.clone();
        this.key = key;
        this.algorithm = algorithm;
        this.random = random;
    }

    @Override
    public ProviderKind kind() {
        return kind;
    }

    @Override
    public byte[] parameters() {
        return parameters.clone();
    }

    @Override
    public byte[] wrap(byte[] plaintext, byte[] associated) {
        byte[] wrapped = new byte[1 + AuthenticatedCipher.NONCE_LENGTH + plaintext.length + AuthenticatedCipher.TAG_LENGTH];
        wrapped[0] = algorithm.number();
        try {
            AuthenticatedCipher.encrypt(algorithm, key, PLACE, associated, plaintext, random, wrapped, 1);
            return wrapped;
        } catch (GeneralSecurityException e) {
            throw new SealingException("the master key does not wrap", e);
        }
    }

    @Override
    public byte[] unwrap(byte[] wrapped, byte[] associated) {
        if (wrapped.length == 0) {
            throw new SealingException("the wrapped root key is empty");
        }
        try {
            return AuthenticatedCipher.decrypt(SealingAlgorithm.ofNumber(wrapped[0]), key, PLACE, associated, wrapped, 1);
        } catch (GeneralSecurityException e) {
            throw new SealingException("the sealing ring does not open under this master key", e);
        }
    }

    /** A copy of the key, for the ring of a journal that was begun before there were rings; the caller's to wipe. */
    byte[] copy() {
        return key.clone();
    }

    @Override
    public void close() {
        Arrays.fill(key, (byte) 0);
    }

    @Override
    public String toString() {
        return "LocalMasterKey[" + kind + ']';
    }
}
