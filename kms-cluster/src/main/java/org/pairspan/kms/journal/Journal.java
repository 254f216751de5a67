package org.pairspan.kms.journal;

import com.typesafe.config.Config;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.pairspan.kms.cluster.ClusterRow;
import org.pairspan.kms.config.JournalAccess;
import org.pairspan.runtime.config.ConfigurationException;

/**
 * The journal's database before and beside Pekko Persistence. Servers that start at once do not disturb each other: every change is one
 * transaction that excludes the others. Blocks; for use at start only.
 */
public final class Journal {

    private final Database database;

    private Journal(Database database) {
        this.database = database;
    }

    /**
     * Opens the journal and creates what is missing in it.
     *
     * @throws ConfigurationException where it cannot be reached or written, or was made by a newer program
     */
    public static Journal open(JournalAccess access) {
        Database database = access.url() == null ? new SqliteDatabase(access.file(), access.sync()) : new PostgresDatabase(access);
        try {
            database.prepare();
            try (Connection connection = database.connect()) {
                new SchemaMigrations(database).apply(connection);
            }
            return new Journal(database);
        } catch (IOException | SQLException e) {
            throw new ConfigurationException(database.setting(), database.shown(), "must be a journal this server can read and write",
                    "check path, permissions, user, password and tls: " + e.getMessage(), e);
        }
    }

    /** What Pekko Persistence must know to use this journal. */
    public Config pekkoConfig() {
        return database.pekkoConfig();
    }

    /**
     * A value that all servers of this journal share: the stored one, or else the proposed one, which is then stored.
     *
     * @param name at most 64 characters
     */
    public byte[] sharedValue(String name, byte[] proposed) {
        try (Connection connection = database.connect();
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
        try (Connection connection = database.connect();
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
        try (Connection connection = database.connect();
                PreparedStatement update = connection.prepareStatement("UPDATE shared_value SET value = ? WHERE name = ? AND value = ?")) {
            update.setBytes(1, value);
            update.setString(2, name);
            update.setBytes(3, expected);
            return update.executeUpdate() == 1;
        } catch (SQLException e) {
            throw new IllegalStateException("the journal does not keep the shared value " + name, e);
        }
    }

    /** A connection of its own, the caller's to close. */
    Connection connect() throws SQLException {
        return database.connect();
    }

    /** The same for what may take minutes. */
    Connection connectForSearch() throws SQLException {
        Connection connection = database.connect();
        try {
            database.allowTime(connection);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** The row by which clusters of key servers exclude each other. */
    public ClusterRow clusterRow() {
        return new JournalClusterRow(database::connect);
    }
}
