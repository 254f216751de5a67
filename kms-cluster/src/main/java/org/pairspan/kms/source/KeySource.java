package org.pairspan.kms.source;

import java.util.concurrent.CompletionStage;

/** Where key material comes from. Safe for use by several threads. */
public interface KeySource {

    /** Length of a key, bytes. */
    int KEY_LENGTH = 32;

    /**
     * A new key of {@link #KEY_LENGTH} bytes, the caller's to wipe. Does not block, and completes within the source's own time limit: who
     * asks waits for it. Fails with {@link KeySourceException} where no key can be had; nothing weaker takes its place.
     */
    CompletionStage<SourcedKey> next();
}
