package org.pairspan.kms.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.management.JMX;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.kms.InTurn;
import org.pairspan.kms.sealing.MasterKey;
import org.pairspan.kms.unsealing.SealingMXBean;
import org.pairspan.kms.update.KeyUpdatesMXBean;
import org.pairspan.postgres.PostgresServer;
import org.pairspan.protocol.keyservice.Install;
import org.pairspan.protocol.keyservice.ServiceFrame;
import org.pairspan.runtime.certificate.KeyKind;
import org.slf4j.LoggerFactory;

/**
 * Whoever steals the database, its log of changes, dumps of it, the key server's log and its audit log has none of the keys that members
 * got. That the hunt would find a key is shown by planting one.
 */
@Timeout(120)
@InTurn
class StolenDatabaseTest {

    private static final int MEMBERS = 12;
    private static final int PAIRS = MEMBERS * (MEMBERS - 1) / 2;
    private static final long UPDATE_LIMIT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long LOOK_AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(50);

    @TempDir
    Path folder;
    private final Set<String> keys = new HashSet<>();

    @Test
    void postgresqlItsLogAndItsDumpsHoldNoKey() throws Exception {
        try (PostgresServer postgres = PostgresServer.start(stolen().resolve("postgres"))) {
            serve("journal { url = \"%s\", user = \"%s\", password = \"%s\" }".formatted(postgres.jdbcUrl(), postgres.user(), postgres.password()));
            KeyHunt hunt = hunt();
            try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password())) {
                dump(connection, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
                execute(connection, "CHECKPOINT");
                assertEquals(List.of(), hunt.in(stolen()));
                plant(connection);
                execute(connection, "CHECKPOINT");
            }
            List<String> found = hunt.in(stolen());
            assertTrue(found.stream().anyMatch(place -> place.contains("/base/")), found::toString);
            assertTrue(found.stream().anyMatch(place -> place.contains("/pg_wal/")), found::toString);
        }
    }

    @Test
    void theEmbeddedJournalHoldsNoKey() throws Exception {
        serve("journal.file = \"stolen/journal.db\"");
        KeyHunt hunt = hunt();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("stolen/journal.db"))) {
            dump(connection, "SELECT name FROM sqlite_master WHERE type = 'table'");
            assertEquals(List.of(), hunt.in(stolen()));
            plant(connection);
        }
        List<String> found = hunt.in(stolen());
        assertTrue(found.stream().anyMatch(place -> place.contains("journal.db")), found::toString);
        assertTrue(found.size() >= 3, () -> "raw, hex and Base64: " + found);
    }

    /** Every pair of members gets its key, half of them under another ring key. */
    private void serve(String journal) throws Exception {
        Files.createDirectories(folder.resolve("stolen"));
        Installation installation = new Installation(folder, KeyKind.ECDSA_P256, 1);
        Files.writeString(installation.configuration(0), """
                pairspan.kms {
                  %s
                  audit.file = "stolen/audit.jsonl"
                  key-update { per-second = 100, at-once = 100 }
                  member-link { registration-timeout = 1 m, idle-timeout = 5 m }
                }
                """.formatted(journal), StandardOpenOption.APPEND);
        FileAppender<ILoggingEvent> log = logTo(folder.resolve("stolen/kms.log"));
        List<MemberClient> members = new ArrayList<>();
        try (KeyServer server = KeyServer.start(installation.configuration(0), System.out::println)) {
            for (int i = 0; i < MEMBERS; i++) {
                MemberClient member = new MemberClient(installation.member("member-" + i, "10." + i + ".0.0/16"), installation.memberLink(0), 1 + i);
                members.add(member);
                assertTrue(member.register(List.of("10." + i + ".0.0/16"), 1).hasRegistered());
            }
            ask(members, 0);
            SealingMXBean sealing = JMX.newMXBeanProxy(ManagementFactory.getPlatformMBeanServer(),
                    new ObjectName("org.pairspan:type=Sealing,name=kms-1"), SealingMXBean.class);
            sealing.rotateRing("test");
            ask(members, 1);
            MasterKey.create(folder.resolve("master-2.key"));
            sealing.rotateToFile("test", new byte[0], folder.resolve("master-2.key").toString());
            update(members);
            assertFalse(server.whenTerminated().toCompletableFuture().isDone());
        } finally {
            for (MemberClient member : members) {
                member.close();
            }
            stopLog(log);
        }
        assertEquals(2 * PAIRS, keys.size());
    }

    /** Every pair gets a new key in lockstep. */
    private void update(List<MemberClient> members) throws Exception {
        KeyUpdatesMXBean updates = JMX.newMXBeanProxy(ManagementFactory.getPlatformMBeanServer(),
                new ObjectName("org.pairspan:type=KeyUpdates,name=kms-1"), KeyUpdatesMXBean.class);
        updates.rotateAll("test");
        long start = System.nanoTime();
        while (newKeys(members).count() < 2 * PAIRS) {
            assertTrue(System.nanoTime() - start < UPDATE_LIMIT_NS, () -> String.join("\n", updates.getUpdates()));
            LockSupport.parkNanos(LOOK_AGAIN_NS);
        }
        newKeys(members).forEach(keys::add);
    }

    /** As both members of each pair got them. */
    private static Stream<String> newKeys(List<MemberClient> members) {
        return members.stream().flatMap(member -> member.installs().stream()).map(Install::getAssociation)
                .filter(association -> association.getKeyVersion() == 2)
                .map(association -> association.getPeerNumber() + ":" + association.getOwnNumber() + ' '
                        + HexFormat.of().formatHex(association.getPairKey().toByteArray()))
                .distinct().map(text -> text.substring(text.indexOf(' ') + 1));
    }

    private void ask(List<MemberClient> members, int remainder) throws IOException {
        for (int one = 0; one < MEMBERS; one++) {
            for (int other = one + 1; other < MEMBERS; other++) {
                if ((one + other) % 2 == remainder) {
                    ServiceFrame answer = members.get(one).request("10." + other + ".0.1", 0);
                    assertTrue(answer.hasKeyGrant(), answer::toString);
                    keys.add(HexFormat.of().formatHex(answer.getKeyGrant().getAssociation().getPairKey().toByteArray()));
                }
            }
        }
    }

    private KeyHunt hunt() throws IOException {
        List<byte[]> all = new ArrayList<>(keys.stream().map(HexFormat.of()::parseHex).toList());
        for (String file : List.of("master.key", "master-2.key")) {
            all.add(HexFormat.of().parseHex(Files.readString(folder.resolve(file)).strip()));
        }
        return new KeyHunt(all);
    }

    /** What a thief has: everything but the master key. */
    private Path stolen() {
        return folder.resolve("stolen");
    }

    private void dump(Connection connection, String tables) throws SQLException, IOException {
        try (Statement statement = connection.createStatement(); ResultSet names = statement.executeQuery(tables)) {
            while (names.next()) {
                dumpTable(connection, names.getString(1));
            }
        }
    }

    /** As text, with bytes in hex. */
    private void dumpTable(Connection connection, String table) throws SQLException, IOException {
        StringBuilder text = new StringBuilder();
        try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery("SELECT * FROM " + table)) {
            while (rows.next()) {
                for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                    Object value = rows.getObject(column);
                    text.append(value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value).append('\t');
                }
                text.append('\n');
            }
        }
        Files.writeString(folder.resolve("stolen/dump-" + table + ".txt"), text);
    }

    private void plant(Connection connection) throws SQLException {
        byte[] key = HexFormat.of().parseHex(keys.iterator().next());
        byte[] half = Arrays.copyOf(key, 16);
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO shared_value (name, value) VALUES (?, ?)")) {
            for (byte[] form : List.of(half, HexFormat.of().formatHex(half).getBytes(StandardCharsets.US_ASCII), ("x" + Base64.getEncoder().encodeToString(key)).getBytes(StandardCharsets.US_ASCII))) {
                insert.setString(1, "planted " + form.length);
                insert.setBytes(2, form);
                insert.executeUpdate();
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static FileAppender<ILoggingEvent> logTo(Path file) {
        Logger logger = (Logger) LoggerFactory.getLogger("org.pairspan");
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(logger.getLoggerContext());
        encoder.setPattern("%d %level %logger %msg%n%ex");
        encoder.start();
        FileAppender<ILoggingEvent> appender = new FileAppender<>();
        appender.setContext(logger.getLoggerContext());
        appender.setFile(file.toString());
        appender.setEncoder(encoder);
        appender.start();
        logger.addAppender(appender);
        logger.setLevel(Level.TRACE);
        logger.setAdditive(false);
        return appender;
    }

    private static void stopLog(FileAppender<ILoggingEvent> appender) {
        Logger logger = (Logger) LoggerFactory.getLogger("org.pairspan");
        logger.setLevel(Level.DEBUG);
        logger.setAdditive(true);
        logger.detachAppender(appender);
        appender.stop();
    }
}
