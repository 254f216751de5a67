package org.pairspan.kms.policy;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * When the key of a pair is to be replaced; the first limit that is reached counts.
 *
 * @param age         since the key was activated, 1 minute to 10 years; empty: no limit
 * @param generations of security associations made under it, which is what the key service can count of its use, from 1; empty: no limit
 */
public record KeyLifetime(Optional<Duration> age, OptionalLong generations) {

    /** The policy sets no limit; those of the service hold. */
    public static final KeyLifetime UNLIMITED = new KeyLifetime(Optional.empty(), OptionalLong.empty());
}
