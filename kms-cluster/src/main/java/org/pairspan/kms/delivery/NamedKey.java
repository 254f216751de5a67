package org.pairspan.kms.delivery;

import org.pairspan.kms.sealing.SealedKey;

/**
 * A key and its ID.
 *
 * @param key sealed for {@link HeldKeys#place}
 */
public record NamedKey(KeyId id, SealedKey key) {
}
