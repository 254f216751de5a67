package org.pairspan.kms.enrolment;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What tokens of one journal can be told by before anything is looked up: HMAC-SHA-256 over their random part, cut to 64 bits, under a key that
 * all servers of the journal share. It keeps made-up tokens from costing a look into the journal, and nothing else depends on it: whoever has
 * the key still has no token. Any thread.
 */
final class TokenMark {

    /** Bytes. */
    static final int LENGTH = 8;
    /** Bytes of the key. */
    static final int KEY_LENGTH = 32;

    private static final String HMAC = "HmacSHA256";

    private final SecretKeySpec key;

    /** @param key {@link #KEY_LENGTH} bytes, random */
    TokenMark(byte[] key) {
        if (key.length != KEY_LENGTH) {
            throw new IllegalArgumentException("the key of token marks has " + KEY_LENGTH + " bytes, not " + key.length);
        }
        this.key = new SecretKeySpec(key, HMAC);
    }

    /** The mark of a token whose random part this is. */
    byte[] of(byte[] random) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return Arrays.copyOf(mac.doFinal(random), LENGTH);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + HMAC, e);
        }
    }

    /** Whether a token ends in its mark. */
    boolean isOn(byte[] token) {
        return token.length == TokenSecret.LENGTH && MessageDigest.isEqual(of(Arrays.copyOf(token, TokenSecret.LENGTH - LENGTH)),
                Arrays.copyOfRange(token, TokenSecret.LENGTH - LENGTH, TokenSecret.LENGTH));
    }
}
