package org.pairspan.kms.audit.chain;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.pairspan.runtime.certificate.BouncyCastle;
import org.pairspan.runtime.certificate.KeyKind;

/** The hash that links records: SHA-256 with international certificates, SM3 (GB/T 32905) with SM2 certificates. 32 bytes both. */
enum ChainHash {

    SHA_256("sha-256"), SM3("sm3");

    /** Hex digits of a hash. */
    static final int DIGITS = 64;
    /** What the first record of a chain names as the hash of the one before. */
    static final String NONE = "0".repeat(DIGITS);

    private final String word;

    ChainHash(String word) {
        this.word = word;
    }

    static ChainHash of(KeyKind kind) {
        return kind == KeyKind.SM2 ? SM3 : SHA_256;
    }

    static Optional<ChainHash> ofWord(String word) {
        return Arrays.stream(values()).filter(hash -> hash.word.equals(word)).findFirst();
    }

    /** As the log names it. */
    String word() {
        return word;
    }

    /** The hash of the first bytes of an array, in lower-case hex. */
    String hex(byte[] bytes, int length) {
        MessageDigest digest = digest();
        digest.update(bytes, 0, length);
        return HexFormat.of().formatHex(digest.digest());
    }

    private MessageDigest digest() {
        try {
            return this == SM3 ? MessageDigest.getInstance("SM3", BouncyCastle.PROVIDER) : MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Java has SHA-256 and Bouncy Castle SM3", e);
        }
    }
}
