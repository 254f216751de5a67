package org.pairspan.protocol.crypto;

import java.util.Arrays;
import javax.crypto.SecretKey;

/** A key that, other than {@link javax.crypto.spec.SecretKeySpec}, can be destroyed. Never serialised, never printed. */
final class WipeableKey implements SecretKey {
    private final transient byte[] bytes;
    private final String algorithm;
    private boolean destroyed;

    WipeableKey(byte[] bytes, String algorithm) {
        this.bytes = bytes.clone();
        this.algorithm = algorithm;
    }

    @Override
    public String getAlgorithm() {
        return algorithm;
    }

    @Override
    public String getFormat() {
        return "RAW";
    }

    /** A copy; the JDK's ciphers wipe theirs. */
    @Override
    public byte[] getEncoded() {
        if (destroyed) {
            throw new IllegalStateException("the key is destroyed");
        }
        return bytes.clone();
    }

    @Override
    public void destroy() {
        Arrays.fill(bytes, (byte) 0);
        destroyed = true;
    }

    @Override
    public boolean isDestroyed() {
        return destroyed;
    }

    @Override
    public String toString() {
        return algorithm + " key";
    }
}
