package org.pairspan.kms.journal;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.pairspan.kms.config.JournalAccess;
import org.pairspan.kms.config.JournalAccess.Encryption;
import org.pairspan.kms.config.JournalAccess.Pool;
import org.pairspan.kms.journal.store.JournalStore;

/**
 * A journal in PostgreSQL. A server that does not answer is given up by the connection's own time limits, so that no thread hangs on it;
 * the pool then makes new connections as soon as the database takes them.
 */
final class PostgresDatabase implements Database {

    /** Of the advisory lock that the key servers of one database share; any number, never changed. */
    private static final long LOCK = 7_165_734_120L;
    /** The connection waits this much longer than the database does, so that it is the database that says what was wrong. */
    private static final Duration SILENCE = Duration.ofSeconds(1);
    /** Each has so many of the connections that it fills them without taking the others'. */
    private static final int KINDS_OF_WORK = 5;
    private static final Duration START_PATIENCE = Duration.ofSeconds(20);
    /** Longest that a search through the journal may take, or a change of its tables, with the wait for other servers which make it. */
    private static final Duration LONG_LIMIT = Duration.ofMinutes(10);

    private final JournalAccess access;

    PostgresDatabase(JournalAccess access) {
        this.access = access;
    }

    @Override
    public void prepare() {
        // The operator makes the database.
    }

    /** At the start, and by an operator's hand: with more patience than a request has. */
    @Override
    public Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.putAll(properties());
        properties.setProperty("loginTimeout", Long.toString(access.pool().connectTimeout().plus(START_PATIENCE).toSeconds()));
        if (access.user() != null) {
            properties.setProperty("user", access.user());
        }
        if (access.password() != null) {
            properties.setProperty("password", access.password());
        }
        return DriverManager.getConnection(access.url(), properties);
    }

    private Map<String, String> properties() {
        Pool pool = access.pool();
        String connectSeconds = Long.toString(pool.connectTimeout().toSeconds());
        Map<String, String> properties = new HashMap<>(Map.of(
                // What goes wrong is logged, and must not tell what was to be stored.
                "logServerErrorDetail", "false",
                "ApplicationName", "pairspan-kms",
                "connectTimeout", connectSeconds,
                "loginTimeout", connectSeconds,
                "socketTimeout", Long.toString(pool.statementTimeout().plus(SILENCE).toSeconds()),
                // A server that freezes or loses its power between an event and its commit keeps the event's number locked. Who waits for
                // it holds up a whole group of writes, so it has to be free before a statement is given up.
                "options", "-c statement_timeout=" + pool.statementTimeout().toMillis()
                        + " -c idle_in_transaction_session_timeout=" + pool.statementTimeout().toMillis() / 2,
                // A batch of events goes as one statement.
                "reWriteBatchedInserts", "true",
                "sslmode", pool.tls().sslMode()));
        if (pool.authority() != null) {
            properties.put("sslrootcert", pool.authority().toString());
        } else if (pool.tls() == Encryption.VERIFY_CA || pool.tls() == Encryption.VERIFY_FULL) {
            properties.put("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
        }
        return properties;
    }

    @Override
    public void allowTime(Connection connection) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, (int) LONG_LIMIT.toMillis());
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET statement_timeout = " + LONG_LIMIT.toMillis());
        }
    }

    @Override
    public void beginAlone(Connection connection) throws SQLException {
        // Others may be at work, and a change of a large table takes its time.
        allowTime(connection);
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_xact_lock(" + LOCK + ")");
        }
    }

    @Override
    public String migrations() {
        return "postgresql";
    }

    @Override
    public int newestVersion() {
        return 2;
    }

    @Override
    public Config pekkoConfig() {
        Pool pool = access.pool();
        Map<String, Object> values = new HashMap<>(Map.of(
                "url", access.url(),
                "properties", properties(),
                "connections", pool.connections(),
                "connection-timeout", pool.connectTimeout(),
                "writers", Math.max(1, pool.connections() / KINDS_OF_WORK),
                "workers", Math.max(1, pool.connections() / KINDS_OF_WORK)));
        if (access.user() != null) {
            values.put("user", access.user());
        }
        if (access.password() != null) {
            values.put("password", access.password());
        }
        return ConfigFactory.parseMap(values, "journal").atPath(JournalStore.CONFIG);
    }

    @Override
    public String setting() {
        return "pairspan.kms.journal.url";
    }

    @Override
    public String shown() {
        return access.url();
    }
}
