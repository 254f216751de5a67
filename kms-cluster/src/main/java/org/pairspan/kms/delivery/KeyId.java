package org.pairspan.kms.delivery;

import java.util.UUID;

/** A {@code key_ID} (RFC 9562) as the journal keeps it. */
public record KeyId(long high, long low) {

    static KeyId of(UUID id) {
        return new KeyId(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    UUID uuid() {
        return new UUID(high, low);
    }

    @Override
    public String toString() {
        return uuid().toString();
    }
}
