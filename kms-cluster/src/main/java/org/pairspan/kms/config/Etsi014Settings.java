package org.pairspan.kms.config;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.pairspan.kms.config.KmsSettings.IdentityFiles;
import org.pairspan.runtime.config.Settings;
import org.pairspan.runtime.identity.Identity;

/**
 * Keys for others over ETSI GS QKD 014.
 *
 * @param identity of its own for this port; empty: the key server's
 * @param kmeId    {@code source_KME_ID} and {@code target_KME_ID} of status answers
 * @param saes     members that may be SAEs though they never register on the member link
 */
public record Etsi014Settings(InetSocketAddress address, Optional<IdentityFiles> identity, String kmeId, Keys keys, Set<String> saes,
        Connections connections) {

    private static final Duration SHORTEST = Duration.ofMillis(100);

    /**
     * What may be asked for, and how long it waits for the slaves.
     *
     * @param size             bits of a key whose size the master leaves open
     * @param minSize          bits
     * @param maxSize          bits
     * @param maxPerRequest    keys
     * @param maxCount         most keys of a master that wait for one slave
     * @param maxOfOneMaster   most keys of a master that are kept
     * @param maxOthers        most {@code additional_slave_SAE_IDs}
     * @param lifetime         a key that no slave fetched until then is destroyed
     * @param redeliveryWindow for so long after a delivery the same SAE gets the same key again
     */
    public record Keys(int size, int minSize, int maxSize, int maxPerRequest, int maxCount, int maxOfOneMaster, int maxOthers,
            Duration lifetime, Duration redeliveryWindow) {
    }

    /**
     * What connections may take.
     *
     * @param handshakeTimeout from TCP connect to the first request
     */
    public record Connections(int max, int maxUnauthenticated, int maxUnauthenticatedOfOneAddress, Duration handshakeTimeout,
            Duration idleTimeout, Duration requestTimeout) {
    }

    /** Empty where it is switched off. */
    static Optional<Etsi014Settings> of(Settings settings) {
        if (!settings.bool("enabled")) {
            return Optional.empty();
        }
        return Optional.of(new Etsi014Settings(settings.address(), identity(settings.at("identity")), settings.string("kme-id"),
                keys(settings), saes(settings), connections(settings)));
    }

    private static Optional<IdentityFiles> identity(Settings settings) {
        boolean own = settings.has("certificate") || settings.has("private-key") || settings.has("authority");
        return own ? Optional.of(new IdentityFiles(settings.existingFile("certificate"), settings.existingFile("private-key"),
                settings.existingFile("authority"))) : Optional.empty();
    }

    private static Keys keys(Settings settings) {
        int min = bits(settings, "min-key-size", 64, 8192);
        int max = bits(settings, "max-key-size", min, 8192);
        return new Keys(bits(settings, "key-size", min, max), min, max, settings.integer("max-key-per-request", 1, 256),
                settings.integer("max-key-count", 1, 16_384), settings.integer("max-keys-of-one-sae", 1, 65_536),
                settings.integer("max-additional-slaves", 0, 64),
                settings.duration("key-lifetime", Duration.ofSeconds(1), Duration.ofDays(30)),
                settings.duration("redelivery-window", Duration.ZERO, Duration.ofHours(1)));
    }

    private static int bits(Settings settings, String path, int min, int max) {
        int bits = settings.integer(path, min, max);
        if (bits % Byte.SIZE != 0) {
            throw settings.invalid(path, bits, "must be a multiple of 8");
        }
        return bits;
    }

    private static Set<String> saes(Settings settings) {
        return settings.has("saes") ? Set.copyOf(settings.parsedList("saes", "must be a list of members' ids", id -> {
            if (!Identity.ID.matcher(id).matches()) {
                throw new IllegalArgumentException("1 to 63 characters of a-z 0-9 . -, the first and last a letter or digit");
            }
            return id;
        })) : Set.of();
    }

    private static Connections connections(Settings settings) {
        return new Connections(settings.integer("max-connections", 1, 100_000), settings.integer("max-unauthenticated", 1, 100_000),
                settings.integer("max-unauthenticated-of-one-address", 1, 100_000),
                settings.duration("handshake-timeout", SHORTEST, Duration.ofMinutes(1)),
                settings.duration("idle-timeout", SHORTEST, Duration.ofHours(1)),
                settings.duration("request-timeout", SHORTEST, Duration.ofMinutes(1)));
    }
}
