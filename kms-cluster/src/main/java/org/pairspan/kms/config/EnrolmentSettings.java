package org.pairspan.kms.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.pairspan.runtime.config.Settings;

/**
 * Where and how members get certificates from this server.
 *
 * @param authorityCertificate PEM: the issuing authority, then what leads from it to the trusted one
 * @param authorityKey         PEM
 * @param validity             of new certificates
 */
public record EnrolmentSettings(InetSocketAddress address, Path authorityCertificate, Path authorityKey, Duration validity) {

    private static final Duration SHORTEST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofDays(3650);

    /** Empty where no port is set. */
    static Optional<EnrolmentSettings> read(Settings settings) {
        if (!settings.has("port")) {
            return Optional.empty();
        }
        return Optional.of(new EnrolmentSettings(settings.address(), settings.existingFile("authority-certificate"),
                settings.existingFile("authority-key"), settings.duration("certificate-validity", SHORTEST, LONGEST)));
    }
}
