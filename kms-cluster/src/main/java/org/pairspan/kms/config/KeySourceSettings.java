package org.pairspan.kms.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.pairspan.runtime.config.Settings;

/**
 * Where key material comes from.
 *
 * @param policy  for pairs whose policy names no other
 * @param quantum empty where there is no quantum key source
 */
public record KeySourceSettings(KeySourcePolicy policy, Optional<Quantum> quantum) {

    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    /** How the other end of the connection to the KME shows who it is. */
    public enum PeerCheck {
        /** Its certificate names the host of the URL (RFC 9110 section 4.3.4), as on the web. */
        HOST_NAME,
        /** It is a key server of another Pairspan service: its certificate carries such an identity. Its family decides TLS, SM2 too. */
        PAIRSPAN
    }

    /**
     * A key management entity that speaks ETSI GS QKD 014.
     *
     * @param url         begins with {@code https://}; ends before {@code /api/v1}
     * @param slaveSae    the SAE ID named as the other end of the quantum link
     * @param certificate own, as the KME knows this service
     * @param batch       keys asked for at once
     * @param prefetch    keys kept ready
     * @param timeout     for one question; a caller waits for two
     * @param maxAnswer   longest answer, bytes
     * @param maxBackoff  longest pause between questions to a KME that fails
     */
    public record Quantum(URI url, String slaveSae, Path certificate, Path privateKey, Path authority, PeerCheck peerCheck, int batch,
            int prefetch, Duration timeout, int maxAnswer, Duration maxBackoff) {
    }

    static KeySourceSettings of(Settings settings) {
        KeySourcePolicy policy = settings.enumOf("policy", KeySourcePolicy.class);
        Settings quantum = settings.at("quantum");
        if (quantum.has("url")) {
            return new KeySourceSettings(policy, Optional.of(quantum(quantum)));
        }
        if (policy.usesQuantum()) {
            throw settings.invalid("policy", policy.word(), "needs key-source.quantum.url, the key management entity's");
        }
        return new KeySourceSettings(policy, Optional.empty());
    }

    private static Quantum quantum(Settings settings) {
        URI url = settings.parsed("url", "must be an URL that begins with https:// and ends before /api/v1", KeySourceSettings::url);
        String slave = settings.string("slave-sae-id");
        if (!slave.matches("[A-Za-z0-9._~-]{1,256}")) {
            throw settings.invalid("slave-sae-id", slave, "must be 1 to 256 characters of A-Z a-z 0-9 . _ ~ -");
        }
        return new Quantum(url, slave, settings.existingFile("certificate"), settings.existingFile("private-key"),
                settings.existingFile("authority"), settings.enumOf("peer-check", PeerCheck.class), settings.integer("batch", 1, 128),
                settings.integer("prefetch", 0, 10_000), settings.duration("timeout", SHORTEST, Duration.ofSeconds(30)),
                Math.toIntExact(settings.bytes("max-answer", 1024, 1 << 20)), settings.duration("max-backoff", SHORTEST, LONGEST));
    }

    private static URI url(String text) {
        URI url = URI.create(text);
        if (!"https".equals(url.getScheme()) || url.getHost() == null || url.getRawQuery() != null || url.getRawFragment() != null
                || url.getRawUserInfo() != null) {
            throw new IllegalArgumentException("https://host[:port][/path] is needed");
        }
        return URI.create(text.replaceAll("/+$", ""));
    }
}
