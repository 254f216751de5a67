package org.pairspan.kms.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pairspan.kms.config.JournalAccess;
import org.pairspan.kms.config.JournalAccess.Encryption;
import org.pairspan.kms.config.JournalAccess.Pool;
import org.pairspan.kms.journal.TestJournals.Kind;
import org.pairspan.kms.pairkey.PairKeyState;
import org.pairspan.kms.sealing.SealedKey;
import org.pairspan.kms.serialization.KryoSerializer;
import org.pairspan.postgres.PostgresServer;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.config.ConfigurationException;
import org.pairspan.runtime.pki.CertificateAuthority;

class JournalTest {

    private static final int SERVERS = 8;
    private static final Duration VALIDITY = Duration.ofDays(1);

    @TempDir
    static Path postgresFolder;
    private static TestJournals journals;

    @TempDir
    Path folder;

    @BeforeAll
    static void startPostgres() {
        journals = TestJournals.start(postgresFolder);
    }

    @AfterAll
    static void stopPostgres() {
        journals.close();
    }

    @ParameterizedTest
    @EnumSource
    void serversThatStartAtOnceMakeOneJournalAndAgreeOnItsValues(Kind kind) throws Exception {
        JournalAccess access = fresh(kind);
        CyclicBarrier start = new CyclicBarrier(SERVERS);
        try (ExecutorService threads = Executors.newFixedThreadPool(SERVERS)) {
            List<Future<byte[]>> values = new ArrayList<>();
            for (int i = 0; i < SERVERS; i++) {
                byte[] proposed = {(byte) i};
                values.add(threads.submit(() -> {
                    start.await();
                    return Journal.open(access).sharedValue("id", proposed);
                }));
            }
            for (Future<byte[]> value : values) {
                assertArrayEquals(values.getFirst().get(), value.get());
            }
        }
        assertEquals(database(access).newestVersion(), number(access, "SELECT max(version) FROM schema_version"));
        assertEquals(database(access).newestVersion(), number(access, "SELECT count(*) FROM schema_version"));
    }

    @ParameterizedTest
    @EnumSource
    void aJournalFromBeforeThereWereVersionsIsAdoptedWithWhatIsInIt(Kind kind) throws Exception {
        JournalAccess access = fresh(kind);
        database(access).prepare();
        try (InputStream script = Journal.class.getResourceAsStream(database(access).migrations() + "/1.sql")) {
            for (String sql : new String(script.readAllBytes(), StandardCharsets.UTF_8).split(";")) {
                if (!sql.isBlank()) {
                    execute(access, sql);
                }
            }
        }
        execute(access, "INSERT INTO event_journal (persistence_id, sequence_number, writer, write_timestamp, adapter_manifest, event_payload,"
                + " event_ser_id, event_ser_manifest) VALUES ('a~b', 1, 'w', 0, '', '', 1, '')");
        Journal.open(access);
        Journal.open(access);
        assertEquals(1, number(access, "SELECT count(*) FROM event_journal"));
        assertEquals(database(access).newestVersion(), number(access, "SELECT count(*) FROM schema_version"));
    }

    @ParameterizedTest
    @EnumSource
    void aJournalOfANewerProgramIsRefusedAndLeftAsItIs(Kind kind) throws Exception {
        JournalAccess access = fresh(kind);
        Journal.open(access);
        execute(access, "INSERT INTO schema_version (version) VALUES (4711)");
        ConfigurationException refused = assertThrows(ConfigurationException.class, () -> Journal.open(access));
        assertTrue(refused.value().contains("4711"), refused::toString);
        assertTrue(refused.remedy().contains("newer program"), refused::toString);
        assertEquals(database(access).newestVersion() + 1, number(access, "SELECT count(*) FROM schema_version"));
    }

    @ParameterizedTest
    @EnumSource
    void aSharedValueIsReplacedOnlyByWhoKnowsTheOneThatIsThere(Kind kind) throws Exception {
        Journal journal = Journal.open(fresh(kind));
        assertTrue(journal.sharedValue("id").isEmpty());
        journal.sharedValue("id", new byte[] {1});
        assertFalse(journal.replaceSharedValue("id", new byte[] {2}, new byte[] {3}));
        assertTrue(journal.replaceSharedValue("id", new byte[] {1}, new byte[] {2}));
        assertArrayEquals(new byte[] {2}, journal.sharedValue("id").orElseThrow());
    }

    @ParameterizedTest
    @EnumSource
    void theCensusGoesThroughAllPairsButThoseWhoseKeysAreDestroyed(Kind kind) throws Exception {
        JournalAccess access = fresh(kind);
        JournalPairCensus census = new JournalPairCensus(Journal.open(access), Runnable::run);
        ActorTestKit testKit = ActorTestKit.create();
        KryoSerializer serializer = new KryoSerializer((ExtendedActorSystem) Adapter.toClassic(testKit.system()));
        PairKeyState.Version version = new PairKeyState.Version(2, new SealedKey(new byte[] {1}));
        try (Connection connection = database(access).connect()) {
            for (String pair : List.of("a~b", "a~c", "b~c", "c~d")) {
                event(connection, "pair-key|" + pair, 1, 1_000);
                event(connection, "pair-key|" + pair, 2, pair.equals("b~c") ? 3_000 : 2_000);
                event(connection, "association|" + pair, 1, 1_000);
            }
            snapshot(connection, "pair-key|a~b", serializer.toBinary(new PairKeyState(2, 2, false, List.of(version))));
            snapshot(connection, "pair-key|a~c", serializer.toBinary(new PairKeyState(0, 2, true, List.of())));
        } finally {
            testKit.shutdownTestKit();
        }
        assertEquals(List.of("a~b", "b~c"), census.next("", null, 2).toCompletableFuture().join());
        assertEquals(List.of("c~d"), census.next("b~c", null, 2).toCompletableFuture().join());
        assertEquals(List.of("a~b"), census.next("", "a", 9).toCompletableFuture().join());
        assertEquals(List.of("b~c", "c~d"), census.next("", "c", 9).toCompletableFuture().join());
        assertEquals(List.of("a~b"), census.unchangedSince("", 2_500, 1).toCompletableFuture().join());
        assertEquals(List.of("c~d"), census.unchangedSince("a~b", 2_500, 1).toCompletableFuture().join());
        assertEquals(List.of(), census.unchangedSince("c~d", 2_500, 1).toCompletableFuture().join());
    }

    private static void event(Connection connection, String id, int number, long atMs) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO event_journal (persistence_id, sequence_number, writer, write_timestamp, adapter_manifest, event_payload,"
                    + " event_ser_id, event_ser_manifest) VALUES ('" + id + "', " + number + ", 'w', " + atMs + ", '', '', 1, '')");
        }
    }

    private static void snapshot(Connection connection, String id, byte[] state) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO snapshot (persistence_id, sequence_number, created,"
                + " snapshot_ser_id, snapshot_ser_manifest, snapshot_payload) VALUES (?, 2, 0, 1, '', ?)")) {
            insert.setString(1, id);
            insert.setBytes(2, state);
            insert.execute();
        }
    }

    @Test
    void aJournalThatCannotBeReachedStopsTheStart() {
        assertThrows(ConfigurationException.class, () -> Journal.open(new JournalAccess(folder, null, null, null, true, 0, pool(Encryption.PREFER))));
        JournalAccess nobody = new JournalAccess(folder, "jdbc:postgresql://127.0.0.1:1/none", "user", "secret-password", true, 0,
                pool(Encryption.PREFER));
        ConfigurationException refused = assertThrows(ConfigurationException.class, () -> Journal.open(nobody));
        assertFalse(refused.getMessage().contains("secret-password"));
        assertFalse(nobody.toString().contains("secret-password"));
    }

    @Test
    void aDatabaseWithoutTlsIsRefusedWhereTlsIsRequired() throws Exception {
        JournalAccess access = fresh(Kind.POSTGRESQL);
        for (Encryption tls : List.of(Encryption.REQUIRE, Encryption.VERIFY_CA, Encryption.VERIFY_FULL)) {
            JournalAccess encrypted = new JournalAccess(access.file(), access.url(), access.user(), access.password(), true, 0, pool(tls));
            ConfigurationException refused = assertThrows(ConfigurationException.class, () -> Journal.open(encrypted));
            assertTrue(refused.getMessage().contains("SSL"), refused::toString);
        }
    }

    @Test
    void aDatabaseMustShowACertificateOfTheAuthorityThatIsNamed() throws Exception {
        JournalAccess access = fresh(Kind.POSTGRESQL);
        PostgresServer postgres = journals.postgres();
        CertificateAuthority authority = CertificateAuthority.create("database authority", KeyKind.ECDSA_P256, VALIDITY.multipliedBy(2), Clock.systemUTC());
        authority.own().write(folder, "right");
        CertificateAuthority.create("another authority", KeyKind.ECDSA_P256, VALIDITY, Clock.systemUTC()).own().write(folder, "wrong");
        authority.issueKms("database", KeyKind.ECDSA_P256, VALIDITY).write(folder, "database");
        for (String kind : List.of("crt", "key")) {
            Path file = Files.copy(folder.resolve("database." + kind), postgres.data().resolve("server." + kind));
            Files.setAttribute(file, "unix:uid", Files.getAttribute(postgres.data(), "unix:uid"));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        execute(access, "ALTER SYSTEM SET ssl = on");
        postgres.stop();
        postgres.restart();
        try {
            Journal.open(verified(access, Encryption.VERIFY_CA, "right.crt"));
            assertThrows(ConfigurationException.class, () -> Journal.open(verified(access, Encryption.VERIFY_CA, "wrong.crt")));
            // Its certificate names no host.
            assertThrows(ConfigurationException.class, () -> Journal.open(verified(access, Encryption.VERIFY_FULL, "right.crt")));
            assertThrows(ConfigurationException.class, () -> Journal.open(verified(access, Encryption.VERIFY_CA, null)));
        } finally {
            execute(access, "ALTER SYSTEM RESET ssl");
            postgres.stop();
            postgres.restart();
        }
    }

    private JournalAccess verified(JournalAccess access, Encryption tls, String authority) {
        return new JournalAccess(access.file(), access.url(), access.user(), access.password(), true, 0,
                new Pool(2, Duration.ofSeconds(5), Duration.ofSeconds(5), tls, authority == null ? null : folder.resolve(authority)));
    }

    private JournalAccess fresh(Kind kind) throws SQLException {
        return journals.fresh(kind, folder, pool(Encryption.PREFER));
    }

    private static Pool pool(Encryption tls) {
        return new Pool(2, Duration.ofSeconds(2), Duration.ofSeconds(5), tls, null);
    }

    private static Database database(JournalAccess access) {
        return access.url() == null ? new SqliteDatabase(access.file(), true) : new PostgresDatabase(access);
    }

    private static void execute(JournalAccess access, String sql) throws SQLException {
        try (Connection connection = database(access).connect(); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int number(JournalAccess access, String sql) throws SQLException {
        try (Connection connection = database(access).connect(); Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getInt(1);
        }
    }
}
