package org.pairspan.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class PostgresServerTest {

    /** For a server that answers, on a busy machine. */
    private static final int PATIENCE_SECONDS = 30;

    @TempDir
    Path folder;

    @Test
    void whatIsCommittedSurvivesAKillAndAnswersWaitWhileItIsFrozen() throws SQLException {
        ProcessHandle process;
        try (PostgresServer server = PostgresServer.start(folder, PostgresOptions.LOCAL.with("max_connections", "20"))) {
            assertEquals("20", query(server, "SHOW max_connections"));
            execute(server, "CREATE TABLE kept (value INTEGER); INSERT INTO kept VALUES (42)");
            server.kill();
            assertThrows(SQLException.class, () -> query(server, "SELECT 1"));
            server.restart();
            assertEquals("42", query(server, "SELECT value FROM kept"));
            server.freeze();
            assertThrows(SQLException.class, () -> connect(server, 2).close());
            server.thaw();
            assertEquals("42", query(server, "SELECT value FROM kept"));
            server.kill();
            process = ProcessHandle.of(server.pid()).orElse(null);
        }
        assertTrue(process == null || !process.isAlive());
    }

    @Test
    void theProgramsOfTheClassPathRunWhereNoneAreInstalled() throws SQLException {
        System.setProperty("pairspan.postgres.programs", "maven");
        try (PostgresServer server = PostgresServer.start(folder)) {
            assertTrue(query(server, "SELECT version()").startsWith("PostgreSQL 17"));
        } finally {
            System.clearProperty("pairspan.postgres.programs");
        }
    }

    private static String query(PostgresServer server, String sql) throws SQLException {
        try (Connection connection = connect(server); Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }

    private static void execute(PostgresServer server, String sql) throws SQLException {
        try (Connection connection = connect(server); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Connection connect(PostgresServer server) throws SQLException {
        return connect(server, PATIENCE_SECONDS);
    }

    private static Connection connect(PostgresServer server, int limitSeconds) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", server.user());
        properties.setProperty("password", server.password());
        properties.setProperty("socketTimeout", Integer.toString(limitSeconds));
        properties.setProperty("loginTimeout", Integer.toString(limitSeconds));
        return DriverManager.getConnection(server.jdbcUrl(), properties);
    }
}
