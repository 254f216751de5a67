package org.pairspan.kms.journal;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.pairspan.kms.config.KmsSettings.JournalAccess;
import org.pairspan.runtime.config.ConfigurationException;

/**
 * The journal's database before and beside Pekko Persistence. Servers that start at once do not disturb each other: every change is one
 * transaction that excludes the others. Blocks; for use at start only.
 */
public final class Journal {

    /** Longest wait for another process's transaction, ms. */
    private static final int BUSY_TIMEOUT_MS = 5_000;

    private final JournalAccess access;
    private final boolean embedded;
    private final String url;

    private Journal(JournalAccess access) {
        this.access = access;
        embedded = access.url() == null;
        url = embedded ? sqliteUrl(access) : access.url();
    }

    /**
     * Opens the journal and creates what is missing in it.
     *
     * @throws ConfigurationException where it cannot be reached or written
     */
    public static Journal open(JournalAccess access) {
        Journal journal = new Journal(access);
        try {
            if (journal.embedded) {
                Files.createDirectories(access.file().toAbsolutePath().getParent());
            }
            try (Connection connection = journal.connect()) {
                journal.createSchema(connection);
            }
            return journal;
        } catch (IOException | SQLException e) {
            throw new ConfigurationException(journal.embedded ? "pairspan.kms.journal.file" : "pairspan.kms.journal.url",
                    journal.embedded ? access.file().toString() : access.url(), "must be a journal this server can read and write",
                    "check path, permissions, user and password: " + e.getMessage(), e);
        }
    }

    /**
     * WAL: a commit is one append to a log that every process reads, so a killed process leaves nothing behind but, at most, a
     * transaction nobody was told of. Transactions take the write lock when they begin, so that none has to be given up half-way.
     */
    private static String sqliteUrl(JournalAccess access) {
        return "jdbc:sqlite:" + access.file().toAbsolutePath() + "?journal_mode=WAL&synchronous=" + (access.sync() ? "FULL" : "NORMAL")
                + "&busy_timeout=" + BUSY_TIMEOUT_MS + "&transaction_mode=IMMEDIATE";
    }

    /** What Pekko Persistence must know to use this journal. */
    public Config pekkoConfig() {
        String slick = "pekko-persistence-jdbc.shared-databases.slick.";
        Map<String, Object> values = new HashMap<>();
        values.put(slick + "profile", embedded ? "slick.jdbc.SQLiteProfile$" : "slick.jdbc.PostgresProfile$");
        values.put(slick + "db.driver", embedded ? "org.sqlite.JDBC" : "org.postgresql.Driver");
        values.put(slick + "db.url", url);
        if (access.user() != null) {
            values.put(slick + "db.user", access.user());
        }
        if (access.password() != null) {
            values.put(slick + "db.password", access.password());
        }
        if (embedded) {
            // One writer at a time is SQLite's rule: one batch at a time makes it a group commit instead of a contest.
            values.put("jdbc-journal.parallelism", 1);
        }
        return ConfigFactory.parseMap(values, "journal");
    }

    /**
     * A value that all servers of this journal share: the stored one, or else the proposed one, which is then stored.
     *
     * @param name at most 64 characters
     */
    public byte[] sharedValue(String name, byte[] proposed) {
        try (Connection connection = connect();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO shared_value (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING");
                PreparedStatement select = connection.prepareStatement("SELECT value FROM shared_value WHERE name = ?")) {
            insert.setString(1, name);
            insert.setBytes(2, proposed);
            insert.executeUpdate();
            select.setString(1, name);
            try (ResultSet result = select.executeQuery()) {
                if (!result.next()) {
                    throw new IllegalStateException("the journal lost the shared value " + name);
                }
                return result.getBytes(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the journal does not keep the shared value " + name, e);
        }
    }

    /**
     * A value that all servers of this journal share.
     *
     * @return empty where there is none of this name
     */
    public Optional<byte[]> sharedValue(String name) {
        try (Connection connection = connect();
                PreparedStatement select = connection.prepareStatement("SELECT value FROM shared_value WHERE name = ?")) {
            select.setString(1, name);
            try (ResultSet result = select.executeQuery()) {
                return result.next() ? Optional.of(result.getBytes(1)) : Optional.empty();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the journal does not tell the shared value " + name, e);
        }
    }

    /**
     * Puts one shared value in the place of another, in one transaction: whoever reads gets the old one or the new one.
     *
     * @return false where the stored value is not the expected one, because another server was quicker; nothing has changed then
     */
    public boolean replaceSharedValue(String name, byte[] expected, byte[] value) {
        try (Connection connection = connect();
                PreparedStatement update = connection.prepareStatement("UPDATE shared_value SET value = ? WHERE name = ? AND value = ?")) {
            update.setBytes(1, value);
            update.setString(2, name);
            update.setBytes(3, expected);
            return update.executeUpdate() == 1;
        } catch (SQLException e) {
            throw new IllegalStateException("the journal does not keep the shared value " + name, e);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(url, access.user(), access.password());
    }

    private void createSchema(Connection connection) throws SQLException, IOException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            for (String sql : script().split(";")) {
                if (!sql.isBlank()) {
                    statement.execute(sql);
                }
            }
        }
        connection.commit();
    }

    private String script() throws IOException {
        try (InputStream resource = Journal.class.getResourceAsStream(embedded ? "sqlite.sql" : "postgresql.sql")) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
