package org.pairspan.kms.journal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.pairspan.runtime.config.ConfigurationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a journal's tables to the version this program knows, by numbered scripts that each only add what the program before can live with:
 * during a rolling upgrade old and new servers use one journal. Scripts that were once published never change. A journal from before there
 * were versions has what script 1 makes, which therefore makes only what is missing.
 */
final class SchemaMigrations {

    private static final Logger LOG = LoggerFactory.getLogger(SchemaMigrations.class);

    private final Database database;

    SchemaMigrations(Database database) {
        this.database = database;
    }

    /**
     * Applies what is missing, in one transaction that waits for other servers which do the same.
     *
     * @throws ConfigurationException where the journal was made by a newer program
     */
    void apply(Connection connection) throws SQLException, IOException {
        database.beginAlone(connection);
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY)");
            int found = version(statement);
            if (found > database.newestVersion()) {
                throw new ConfigurationException(database.setting(), database.shown() + " (journal version " + found + ")",
                        "must be a journal this program knows: up to version " + database.newestVersion(),
                        "start the newer program that has used it, or name another journal");
            }
            for (int next = found + 1; next <= database.newestVersion(); next++) {
                execute(statement, script(next));
                statement.execute("INSERT INTO schema_version (version) VALUES (" + next + ")");
                LOG.info("the journal is now of version {}", next);
            }
        }
        connection.commit();
    }

    private static int version(Statement statement) throws SQLException {
        try (ResultSet result = statement.executeQuery("SELECT max(version) FROM schema_version")) {
            result.next();
            return result.getInt(1);
        }
    }

    private static void execute(Statement statement, String script) throws SQLException {
        for (String sql : script.split(";")) {
            if (!sql.isBlank()) {
                statement.execute(sql);
            }
        }
    }

    private String script(int version) throws IOException {
        try (InputStream resource = SchemaMigrations.class.getResourceAsStream(database.migrations() + '/' + version + ".sql")) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
