package org.pairspan.kms.journal;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.pairspan.kms.config.JournalAccess;
import org.pairspan.kms.config.JournalAccess.Pool;
import org.pairspan.postgres.PostgresServer;

/** Empty journals of both kinds: SQLite files, and schemas of a PostgreSQL server, which ends when this is closed. */
public final class TestJournals implements AutoCloseable {

    private final PostgresServer postgres;

    private TestJournals(PostgresServer postgres) {
        this.postgres = postgres;
    }

    /** What a journal is kept in. */
    public enum Kind {
        SQLITE, POSTGRESQL
    }

    /** Starts the PostgreSQL server, which keeps its data in this folder. */
    public static TestJournals start(Path folder) {
        return new TestJournals(PostgresServer.start(folder));
    }

    /** A journal of its own for each call. A folder is good for one file. */
    public JournalAccess fresh(Kind kind, Path folder, Pool pool) throws SQLException {
        if (kind == Kind.SQLITE) {
            return new JournalAccess(folder.resolve("deep/journal.db"), null, null, null, true, 0, pool);
        }
        String schema = "s" + System.nanoTime();
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA " + schema);
        }
        return new JournalAccess(folder, postgres.jdbcUrl() + "?currentSchema=" + schema, postgres.user(), postgres.password(), true, 0, pool);
    }

    /** The PostgreSQL server. */
    public PostgresServer postgres() {
        return postgres;
    }

    @Override
    public void close() {
        postgres.close();
    }
}
