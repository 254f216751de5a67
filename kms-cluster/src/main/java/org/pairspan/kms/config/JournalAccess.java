package org.pairspan.kms.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.pairspan.runtime.config.Settings;

/**
 * Where the journal is and how it is reached.
 *
 * @param file        the embedded journal
 * @param url         JDBC URL of a PostgreSQL database; null where the journal is the embedded file
 * @param user        null where the URL needs none
 * @param password    null where the URL needs none; never logged
 * @param sync        embedded only: each commit reaches the disk
 * @param lostVersion highest version of a key that this journal may have forgotten, being an older copy; 0 where it is none
 * @param pool        PostgreSQL only
 */
public record JournalAccess(Path file, String url, String user, String password, boolean sync, int lostVersion, Pool pool) {

    private static final Duration SECOND = Duration.ofSeconds(1);

    /** Whether the way to PostgreSQL is encrypted, and what of the server's certificate is checked. */
    public enum Encryption {
        /** Never. */
        DISABLE,
        /** Where the server can; nothing is checked. */
        PREFER,
        /** Always; nothing is checked. */
        REQUIRE,
        /** Always; the certificate must come from the authority. */
        VERIFY_CA,
        /** Always; the certificate must come from the authority and name the host of the URL. */
        VERIFY_FULL;

        /** As PostgreSQL calls it. */
        public String sslMode() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * Connections to PostgreSQL.
     *
     * @param connections      of one key server, at most
     * @param connectTimeout   whole seconds; longest wait for a new connection, and for a free one
     * @param statementTimeout whole seconds; longest a statement may take
     * @param tls              how they are encrypted
     * @param authority        PEM certificate that the server's comes from; null: the JVM's authorities
     */
    public record Pool(int connections, Duration connectTimeout, Duration statementTimeout, Encryption tls, Path authority) {
    }

    static JournalAccess of(Settings settings) {
        String url = optional(settings, "url");
        if (url != null && !url.startsWith("jdbc:postgresql:")) {
            throw settings.invalid("url", url, "must begin with jdbc:postgresql:; the embedded journal is named by its file");
        }
        if (url != null && url.toLowerCase(Locale.ROOT).contains("password=")) {
            throw settings.invalid("url", url.substring(0, url.indexOf('?') + 1) + "...", "must not hold the password; the setting password does");
        }
        return new JournalAccess(settings.path("file"), url, optional(settings, "user"), optional(settings, "password"),
                settings.bool("sync"), settings.integer("lost-version", 0, Integer.MAX_VALUE / 2), pool(settings.at("postgresql")));
    }

    private static Pool pool(Settings settings) {
        Encryption tls = settings.enumOf("tls", Encryption.class);
        return new Pool(settings.integer("connections", 1, 100), settings.duration("connect-timeout", SECOND, Duration.ofMinutes(1)),
                settings.duration("statement-timeout", SECOND, Duration.ofMinutes(1)), tls,
                settings.has("authority") ? settings.existingFile("authority") : null);
    }

    private static String optional(Settings settings, String path) {
        return settings.has(path) ? settings.string(path) : null;
    }

    /** Without user and password. */
    @Override
    public String toString() {
        return "JournalAccess[" + (url == null ? file : url) + ']';
    }
}
