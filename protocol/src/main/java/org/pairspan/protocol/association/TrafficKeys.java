package org.pairspan.protocol.association;

import java.util.Arrays;

/**
 * The keys of one direction of a security association. Whoever holds the object owns it and destroys it; the arrays are the keys
 * themselves, not copies, and are zero afterwards. One thread at a time.
 */
public final class TrafficKeys implements AutoCloseable {
    /** Bytes of the salt that stands before the initialisation vector in each nonce (RFC 4106 section 4). */
    public static final int SALT_LENGTH = 4;
    /** Bytes of the SPA key. */
    public static final int SPA_KEY_LENGTH = 16;

    private final byte[] aeadKey;
    private final byte[] salt;
    private final byte[] spaKey;
    private boolean destroyed;

    /** Takes the arrays over. */
    public TrafficKeys(byte[] aeadKey, byte[] salt, byte[] spaKey) {
        if (salt.length != SALT_LENGTH || spaKey.length != SPA_KEY_LENGTH) {
            throw new IllegalArgumentException("traffic keys have a salt of " + SALT_LENGTH + " and an SPA key of "
                + SPA_KEY_LENGTH + " bytes, not " + salt.length + " and " + spaKey.length);
        }
        this.aeadKey = aeadKey;
        this.salt = salt;
        this.spaKey = spaKey;
    }

    /** The cipher's key; the array itself. */
    public byte[] aeadKey() {
        return alive(aeadKey);
    }

    /** The 4 bytes of salt; the array itself. */
    public byte[] salt() {
        return alive(salt);
    }

    /** The 16 bytes of SPA key; the array itself. */
    public byte[] spaKey() {
        return alive(spaKey);
    }

    /** Wipes the keys. Again: nothing. */
    public void destroy() {
        destroyed = true;
        Arrays.fill(aeadKey, (byte) 0);
        Arrays.fill(salt, (byte) 0);
        Arrays.fill(spaKey, (byte) 0);
    }

    @Override
    public void close() {
        destroy();
    }

    @Override
    public String toString() {
        return destroyed ? "TrafficKeys[destroyed]" : "TrafficKeys[secret]";
    }

    private byte[] alive(byte[] key) {
        if (destroyed) {
            throw new IllegalStateException("the traffic keys are destroyed");
        }
        return key;
    }
}
