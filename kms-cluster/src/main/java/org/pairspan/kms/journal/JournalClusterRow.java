package org.pairspan.kms.journal;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.pairspan.kms.cluster.ClusterRow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The cluster row as a shared value, over a connection of its own that is made anew after a failure. */
final class JournalClusterRow implements ClusterRow {

    private static final Logger LOG = LoggerFactory.getLogger(JournalClusterRow.class);
    private static final String NAME = "cluster";

    /** Opens connections to the journal. */
    interface Connector {
        Connection connect() throws SQLException;
    }

    /** Something to do with a connection. */
    private interface Task<T> {
        T run(Connection connection) throws SQLException;
    }

    private final Connector connector;
    private Connection connection;
    private boolean closed;

    JournalClusterRow(Connector connector) {
        this.connector = connector;
    }

    @Override
    public byte[] read() throws IOException {
        return connected(JournalClusterRow::read);
    }

    private static byte[] read(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT value FROM shared_value WHERE name = ?")) {
            select.setString(1, NAME);
            try (ResultSet result = select.executeQuery()) {
                return result.next() ? result.getBytes(1) : null;
            }
        }
    }

    @Override
    public boolean replace(byte[] expected, byte[] value) throws IOException {
        return connected(open -> expected == null ? insert(open, value) : update(open, expected, value));
    }

    private static boolean insert(Connection connection, byte[] value) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO shared_value (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING")) {
            insert.setString(1, NAME);
            insert.setBytes(2, value);
            return insert.executeUpdate() == 1;
        }
    }

    private static boolean update(Connection connection, byte[] expected, byte[] value) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE shared_value SET value = ? WHERE name = ? AND value = ?")) {
            update.setBytes(1, value);
            update.setString(2, NAME);
            update.setBytes(3, expected);
            return update.executeUpdate() == 1;
        }
    }

    private synchronized <T> T connected(Task<T> task) throws IOException {
        if (closed) {
            throw new IOException("the cluster row is closed");
        }
        try {
            if (connection == null) {
                connection = connector.connect();
            }
            return task.run(connection);
        } catch (SQLException e) {
            disconnect();
            throw new IOException("the cluster row could not be read or written: " + e.getMessage(), e);
        }
    }

    private void disconnect() {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                LOG.debug("Closing a connection that had failed", e);
            }
            connection = null;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        disconnect();
    }
}
