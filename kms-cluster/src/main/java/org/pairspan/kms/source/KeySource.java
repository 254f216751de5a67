package org.pairspan.kms.source;

/** Where key material comes from. Safe for use by several threads. */
public interface KeySource {

    /** Length of a key, bytes. */
    int KEY_LENGTH = 32;

    /** A new key of {@link #KEY_LENGTH} bytes, the caller's to wipe. */
    byte[] next();
}
