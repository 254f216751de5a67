package org.pairspan.kms.journal.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pairspan.kms.config.JournalAccess;
import org.pairspan.kms.config.JournalAccess.Encryption;
import org.pairspan.kms.config.JournalAccess.Pool;
import org.pairspan.kms.journal.Journal;
import org.pairspan.kms.journal.TestJournals;
import org.pairspan.kms.journal.TestJournals.Kind;

@Timeout(60)
class JournalStoreTest {

    private static final int ENTITIES = 300;
    private static final Payload META = new Payload(new byte[] {9}, 3, "m");

    @TempDir
    static Path postgresFolder;
    private static TestJournals journals;

    @TempDir
    Path folder;
    private JournalAccess access;
    private Config config;
    private JournalStore store;

    @BeforeAll
    static void startPostgres() {
        journals = TestJournals.start(postgresFolder);
    }

    @AfterAll
    static void stopPostgres() {
        journals.close();
    }

    @AfterEach
    void close() {
        store.close();
    }

    @ParameterizedTest
    @EnumSource
    void whatManyEntitiesWriteAtOnceIsThereWithItsNumbers(Kind kind) throws SQLException {
        open(kind);
        String run = "many" + System.nanoTime() + '-';
        await(all(i -> store.insert(List.of(event(run + i, 1, i), event(run + i, 2, i + 1)))));
        List<CompletableFuture<Long>> highest = all(i -> store.highestNumber(run + i));
        List<CompletableFuture<List<EventRow>>> events = all(i -> store.read(new EventTable.Range(run + i, 2, 5, 10)));
        for (int i = 0; i < ENTITIES; i++) {
            assertEquals(2, get(highest.get(i)));
            EventRow only = get(events.get(i)).getFirst();
            assertEquals(1, get(events.get(i)).size());
            assertEquals(2, only.number());
            assertEquals(i + 1, only.timestamp());
            assertEquals("writer", only.writer());
            assertEquals("adapter", only.manifest());
            assertArrayEquals(new byte[] {(byte) (i + 1)}, only.event().bytes());
            assertEquals(7, only.event().serializer());
            assertArrayEquals(META.bytes(), only.meta().bytes());
        }
        assertEquals(0, get(store.highestNumber(run + "nobody")));
        assertTrue(get(store.read(new EventTable.Range(run + "nobody", 1, 9, 9))).isEmpty());
    }

    @ParameterizedTest
    @EnumSource
    void aSecondWriterIsRefusedWholeAndTakesNobodyWithIt(Kind kind) throws SQLException {
        open(kind);
        String run = "second" + System.nanoTime() + '-';
        get(store.insert(List.of(event(run + "taken", 1, 1))));
        Map<Integer, CompletableFuture<Void>> writes = new HashMap<>();
        for (int i = 0; i < ENTITIES; i++) {
            writes.put(i, store.insert(i % 50 == 0 ? List.of(event(run + "taken", 2 + i, 1), event(run + "taken", 1, 1))
                    : List.of(event(run + i, 1, 1))).toCompletableFuture());
        }
        writes.forEach((i, write) -> {
            if (i % 50 == 0) {
                assertInstanceOf(SQLException.class, assertThrows(CompletionException.class, () -> get(write)).getCause());
            } else {
                get(write);
            }
        });
        assertEquals(1, get(store.highestNumber(run + "taken")));
    }

    /** A number that another transaction holds is waited for, and the wait is within the time of a statement. */
    @Test
    void aServerThatFrozeBeforeItsCommitHoldsUpNobodyForLong() throws SQLException {
        open(Kind.POSTGRESQL);
        String run = "frozen" + System.nanoTime() + '-';
        Properties properties = new Properties();
        config.getObject("properties").unwrapped().forEach((name, value) -> properties.setProperty(name, value.toString()));
        properties.setProperty("user", access.user());
        properties.setProperty("password", access.password());
        try (Connection frozen = DriverManager.getConnection(access.url(), properties)) {
            frozen.setAutoCommit(false);
            try (PreparedStatement insert = frozen.prepareStatement("""
                    INSERT INTO event_journal (persistence_id, sequence_number, writer, write_timestamp, adapter_manifest,
                        event_payload, event_ser_id, event_ser_manifest)
                    VALUES (?, 1, '', 0, '', '', 0, '')""")) {
                insert.setString(1, run + 7);
                insert.executeUpdate();
            }
            await(all(i -> store.insert(List.of(event(run + i, 1, i)))));
            assertThrows(SQLException.class, frozen::commit);
        }
        assertEquals(1, get(store.highestNumber(run + 7)));
    }

    @Test
    void whatTheDatabaseCannotTakeTakesNobodyWithIt() throws SQLException {
        open(Kind.POSTGRESQL);
        String run = "unfit" + System.nanoTime() + '-';
        List<CompletableFuture<Void>> writes = all(i -> store.insert(
                List.of(event(i % 50 == 0 ? run + "x".repeat(300) + i : run + i, 1, i))));
        for (int i = 0; i < ENTITIES; i++) {
            CompletableFuture<Void> write = writes.get(i);
            if (i % 50 == 0) {
                assertInstanceOf(SQLException.class, assertThrows(CompletionException.class, () -> get(write)).getCause());
            } else {
                get(write);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatGoesWrongDoesNotTellWhatWasToBeStored(Kind kind) throws SQLException {
        open(kind);
        String entity = "untold" + System.nanoTime();
        Payload payload = new Payload("sealed".getBytes(StandardCharsets.UTF_8), 7, "v");
        EventRow event = new EventRow(entity, 1, "writer", 1, "adapter", payload, null);
        get(store.insert(List.of(event)));
        StringWriter told = new StringWriter();
        assertThrows(CompletionException.class, () -> get(store.insert(List.of(event)))).printStackTrace(new PrintWriter(told));
        assertFalse(told.toString().contains("sealed") || told.toString().contains(HexFormat.of().formatHex(payload.bytes())),
                told.toString());
    }

    @ParameterizedTest
    @EnumSource
    void theNumberOfADeletedEventStaysTaken(Kind kind) throws SQLException {
        open(kind);
        String entity = "deleted" + System.nanoTime();
        get(store.insert(List.of(event(entity, 1, 1), event(entity, 2, 2), event(entity, 3, 3))));
        get(store.deleteEvents(entity, 2));
        assertEquals(List.of(3L), get(store.read(new EventTable.Range(entity, 1, 9, 9))).stream().map(EventRow::number).toList());
        get(store.deleteEvents(entity, 3));
        assertTrue(get(store.read(new EventTable.Range(entity, 1, 9, 9))).isEmpty());
        assertEquals(3, get(store.highestNumber(entity)));
        assertThrows(CompletionException.class, () -> get(store.insert(List.of(event(entity, 3, 4)))));
    }

    @ParameterizedTest
    @EnumSource
    void theNewestSnapshotThatMeetsTheConditionsIsFound(Kind kind) throws SQLException {
        open(kind);
        String entity = "snapshot" + System.nanoTime();
        assertFalse(get(store.newestSnapshot(range(entity, Long.MAX_VALUE))).isPresent());
        get(store.save(new SnapshotRow(entity, 5, 50, new Payload(new byte[] {5}, 7, "v"), null)));
        get(store.save(new SnapshotRow(entity, 9, 90, new Payload(new byte[] {8}, 7, "v"), null)));
        get(store.save(new SnapshotRow(entity, 9, 91, new Payload(new byte[] {9}, 7, "v"), META)));
        SnapshotRow newest = get(store.newestSnapshot(range(entity, Long.MAX_VALUE))).orElseThrow();
        assertEquals(9, newest.number());
        assertEquals(91, newest.created());
        assertArrayEquals(new byte[] {9}, newest.state().bytes());
        assertEquals("m", newest.meta().manifest());
        assertEquals(5, get(store.newestSnapshot(range(entity, 8))).orElseThrow().number());
        get(store.deleteSnapshots(range(entity, 5)));
        assertFalse(get(store.newestSnapshot(range(entity, 8))).isPresent());
        assertTrue(get(store.newestSnapshot(range(entity, 9))).isPresent());
    }

    @ParameterizedTest
    @EnumSource
    void aClosedStoreRefusesAtOnce(Kind kind) throws SQLException {
        open(kind);
        store.close();
        assertThrows(CompletionException.class, () -> get(store.highestNumber("anybody")));
    }

    private void open(Kind kind) throws SQLException {
        access = journals.fresh(kind, folder, new Pool(10, Duration.ofSeconds(2), Duration.ofSeconds(3), Encryption.PREFER, null));
        config = Journal.open(access).pekkoConfig()
                .withFallback(ConfigFactory.parseResources(JournalStore.class.getClassLoader(), "pairspan-kms.conf"))
                .getConfig(JournalStore.CONFIG);
        store = new JournalStore(config);
    }

    private static EventRow event(String entity, long number, int value) {
        return new EventRow(entity, number, "writer", value, "adapter", new Payload(new byte[] {(byte) value}, 7, "v"), META);
    }

    private static SnapshotTable.Range range(String entity, long to) {
        return new SnapshotTable.Range(entity, 0, to, 0, Long.MAX_VALUE);
    }

    private interface Ask<T> {
        CompletionStage<T> of(int entity);
    }

    private static <T> List<CompletableFuture<T>> all(Ask<T> ask) {
        List<CompletableFuture<T>> stages = new ArrayList<>();
        for (int i = 0; i < ENTITIES; i++) {
            stages.add(ask.of(i).toCompletableFuture());
        }
        return stages;
    }

    private static <T> void await(List<CompletableFuture<T>> stages) {
        stages.forEach(JournalStoreTest::get);
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    }
}
