package org.pairspan.kms.journal;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.pairspan.kms.journal.store.JournalStore;

/**
 * The embedded journal. WAL: a commit is one append to a log that every process reads, so a killed process leaves nothing behind but, at
 * most, a transaction nobody was told of. Transactions take the write lock when they begin, so that none has to be given up half-way.
 */
final class SqliteDatabase implements Database {

    /** Longest wait for another process's transaction, ms. */
    private static final int BUSY_TIMEOUT_MS = 5_000;
    private static final int CONNECTIONS = 5;

    private final Path file;
    private final String url;

    /** @param sync whether each commit reaches the disk */
    SqliteDatabase(Path file, boolean sync) {
        this.file = file;
        url = "jdbc:sqlite:" + file.toAbsolutePath() + "?journal_mode=WAL&synchronous=" + (sync ? "FULL" : "NORMAL")
                + "&busy_timeout=" + BUSY_TIMEOUT_MS + "&transaction_mode=IMMEDIATE";
    }

    @Override
    public void prepare() throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        SqliteLibrary.unpackInto(folder);
    }

    @Override
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(url);
    }

    @Override
    public void allowTime(Connection connection) {
        // It has no limit but that on the wait for others.
    }

    /** A transaction of this database excludes others from its first statement on. */
    @Override
    public void beginAlone(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
    }

    @Override
    public String migrations() {
        return "sqlite";
    }

    @Override
    public int newestVersion() {
        return 1;
    }

    @Override
    public Config pekkoConfig() {
        return ConfigFactory.parseMap(Map.of(
                "url", url,
                "properties", Map.of(),
                "connections", CONNECTIONS,
                "connection-timeout", Duration.ofMillis(BUSY_TIMEOUT_MS),
                // One writer at a time is SQLite's rule: one group at a time makes it a group commit instead of a contest.
                "writers", 1,
                "workers", 1), "journal").atPath(JournalStore.CONFIG);
    }

    @Override
    public String setting() {
        return "pairspan.kms.journal.file";
    }

    @Override
    public String shown() {
        return file.toString();
    }
}
