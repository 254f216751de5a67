package org.pairspan.kms.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.kms.cluster.ClusterRow;

class JournalClusterRowTest {

    @TempDir
    private Path folder;
    private SqliteDatabase database;

    @BeforeEach
    void makesTheTables() throws IOException, SQLException {
        database = new SqliteDatabase(folder.resolve("journal.db"), false);
        database.prepare();
        try (Connection connection = database.connect()) {
            new SchemaMigrations(database).apply(connection);
        }
    }

    @Test
    void ofTwoFoundersOneGetsTheRow() throws IOException {
        try (ClusterRow one = new JournalClusterRow(database::connect); ClusterRow other = new JournalClusterRow(database::connect)) {
            assertNull(one.read());
            assertTrue(one.replace(null, new byte[] {1}));
            assertFalse(other.replace(null, new byte[] {2}));
            assertArrayEquals(new byte[] {1}, other.read());
        }
    }

    @Test
    void whoeverDoesNotKnowTheNewestValueReplacesNothing() throws IOException {
        try (ClusterRow one = new JournalClusterRow(database::connect); ClusterRow other = new JournalClusterRow(database::connect)) {
            assertTrue(one.replace(null, new byte[] {1}));
            assertTrue(other.replace(new byte[] {1}, new byte[] {2}));
            assertFalse(one.replace(new byte[] {1}, new byte[] {3}));
            assertArrayEquals(new byte[] {2}, one.read());
        }
    }

    @Test
    void aBrokenConnectionIsMadeAnew() throws IOException, SQLException {
        AtomicReference<Connection> last = new AtomicReference<>();
        try (ClusterRow row = new JournalClusterRow(() -> {
            last.set(database.connect());
            return last.get();
        })) {
            assertTrue(row.replace(null, new byte[] {1}));
            last.get().close();
            assertThrows(IOException.class, row::read);
            assertArrayEquals(new byte[] {1}, row.read());
        }
    }

    @Test
    void aClosedRowSaysNothing() {
        ClusterRow row = new JournalClusterRow(database::connect);
        row.close();
        assertThrows(IOException.class, row::read);
    }
}
