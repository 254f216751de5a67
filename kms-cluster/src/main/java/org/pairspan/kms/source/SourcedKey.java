package org.pairspan.kms.source;

import java.util.Arrays;

/**
 * A new key, and what it was made of.
 *
 * @param bytes {@link KeySource#KEY_LENGTH} bytes, not copied; whoever has the record wipes them
 */
public record SourcedKey(byte[] bytes, KeyOrigin origin) {

    /** Overwrites the key. */
    public void wipe() {
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public String toString() {
        return "SourcedKey[" + origin + ']';
    }
}
