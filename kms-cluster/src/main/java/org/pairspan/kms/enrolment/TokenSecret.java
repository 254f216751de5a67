package org.pairspan.kms.enrolment;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The secret of a token: 192 random bits and their {@link TokenMark}. Its hash needs neither salt nor work, since nobody can guess at it.
 *
 * @param bytes {@link #LENGTH} bytes; not in {@link #toString()}
 */
record TokenSecret(byte[] bytes) {

    static final int LENGTH = 32;

    private static final byte[] LABEL = "pairspan enrolment token v1\0".getBytes(StandardCharsets.US_ASCII);

    TokenSecret {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("a token's secret has " + LENGTH + " bytes, not " + bytes.length);
        }
    }

    static TokenSecret random(SecureRandom random, TokenMark mark) {
        byte[] own = new byte[LENGTH - TokenMark.LENGTH];
        random.nextBytes(own);
        return new TokenSecret(ByteBuffer.allocate(LENGTH).put(own).put(mark.of(own)).array());
    }

    /** What is stored: SHA-256 over a label and the secret, hex. */
    String hash() {
        MessageDigest digest = sha256();
        digest.update(LABEL);
        return HexFormat.of().formatHex(digest.digest(bytes));
    }

    /** What the operator gets: the member's id, a colon, the secret in URL-safe Base64. */
    String text(String memberId) {
        return memberId + ':' + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "TokenSecret";
    }
}
