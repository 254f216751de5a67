package org.pairspan.protocol.association;

import java.util.Arrays;

/**
 * The secret by which two members know each other in a key exchange (the external PSK of RFC 8446 section 4.2.11). Whoever holds the
 * object owns it and destroys it; the array is the key itself, not a copy, and is zero afterwards. One thread at a time.
 */
public final class PreSharedKey implements AutoCloseable {
    /** Bytes of the key. */
    public static final int LENGTH = 32;

    private final byte[] key;
    private boolean destroyed;

    /** Takes the array over. */
    public PreSharedKey(byte[] key) {
        if (key.length != LENGTH) {
            throw new IllegalArgumentException("a pre-shared key has " + LENGTH + " bytes, not " + key.length);
        }
        this.key = key;
    }

    /** The key; the array itself. */
    public byte[] key() {
        if (destroyed) {
            throw new IllegalStateException("the pre-shared key is destroyed");
        }
        return key;
    }

    /** Wipes the key. Again: nothing. */
    public void destroy() {
        destroyed = true;
        Arrays.fill(key, (byte) 0);
    }

    @Override
    public void close() {
        destroy();
    }

    @Override
    public String toString() {
        return destroyed ? "PreSharedKey[destroyed]" : "PreSharedKey[secret]";
    }
}
