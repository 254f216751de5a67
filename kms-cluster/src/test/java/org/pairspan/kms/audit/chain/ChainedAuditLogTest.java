package org.pairspan.kms.audit.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pairspan.kms.audit.Actor;
import org.pairspan.kms.audit.AuditRecord;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.config.ConfigurationException;

class ChainedAuditLogTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(names = {"SM2", "ECDSA_P256"})
    void theChainGoesOnAcrossRestartsAndVerifiesUnderEitherFamily(KeyKind kind) throws IOException {
        TestServer server = new TestServer(folder, kind);
        for (int run = 0; run < 3; run++) {
            try (ChainedAuditLog log = server.open()) {
                TestServer.write(log, 10 * run + 1, 10 * run + 10);
            }
        }
        LogReport report = server.verify();
        assertTrue(report.fault().isEmpty(), report.toString());
        assertEquals("kms-1", report.server());
        assertEquals(3, report.starts());
        // Each run: opening, checkpoint, ten records, checkpoint.
        assertEquals(39, report.records());
        assertEquals(39, report.signedUpTo());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(server.file())));
    }

    @Test
    void theFormOfALineIsFixedByteForByte() throws IOException, NoSuchAlgorithmException {
        TestServer server = new TestServer(folder, KeyKind.ECDSA_P256);
        try (ChainedAuditLog log = server.open()) {
            log.write(new AuditRecord(TestServer.TIME, AuditRecord.Event.IDENTITY_MISMATCH, Actor.member("site-a"), "site-a", null, 0, 0,
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 4321), "claimed \"x\"\n\uD800")).toCompletableFuture().join();
        }
        List<String> lines = Files.readAllLines(server.file());
        String previous = lines.get(1).substring(lines.get(1).length() - 66, lines.get(1).length() - 2);
        String body = "{\"seq\":3,\"time\":\"2026-01-02T03:04:05.678Z\",\"event\":\"identity-mismatch\",\"actor\":\"member site-a\","
                + "\"member\":\"site-a\",\"from\":\"127.0.0.1:4321\",\"result\":\"claimed \\\"x\\\"\\n\uFFFD\",\"previous\":\"" + previous + '"';
        String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8)));
        assertEquals(body + ",\"hash\":\"" + hash + "\"}", lines.get(2));
    }

    @Test
    void aTimeOfDayThatIsSetBackPutsOffNoSignature() throws IOException {
        AtomicReference<Instant> timeOfDay = new AtomicReference<>(TestServer.TIME);
        AtomicLong monotonic = new AtomicLong();
        TestServer server = new TestServer(folder, KeyKind.ECDSA_P256).withClocks(timeOfDay::get, monotonic::get);
        try (ChainedAuditLog log = server.open()) {
            TestServer.write(log, 1, 1);
            timeOfDay.set(TestServer.TIME.minus(Duration.ofHours(5)));
            monotonic.set(Duration.ofSeconds(59).toNanos());
            TestServer.write(log, 2, 2);
            // The checkpoint of the start, and no other yet.
            assertEquals(2, log.status().getLastCheckpoint());
            monotonic.set(Duration.ofSeconds(60).toNanos());
            TestServer.write(log, 3, 3);
            assertTrue(log.status().getLastCheckpoint() >= 5, () -> "signed up to " + log.status().getLastCheckpoint());
        }
    }

    @Test
    void aFullFileIsFollowedByOneThatNamesItsLastHash() throws IOException {
        TestServer server = new TestServer(folder, KeyKind.ECDSA_P256).rotatingAt(4096);
        try (ChainedAuditLog log = server.open()) {
            TestServer.write(log, 1, 60);
        }
        List<Path> files = files(server);
        assertTrue(files.size() > 3, files.toString());
        LogReport whole = server.verify(files.reversed());
        assertTrue(whole.fault().isEmpty(), whole.toString());
        assertEquals(1, whole.firstSequence());
        LogReport tail = server.verify(files.subList(2, files.size()));
        assertTrue(tail.fault().isEmpty() && tail.firstSequence() > 1, tail.toString());
        List<Path> gap = new ArrayList<>(files);
        gap.remove(1);
        assertTrue(server.verify(gap).fault().orElseThrow().why().contains("follows record"));

        // As after a crash between the two steps of a rotation: the full file has its name, the next is not there yet.
        Files.delete(server.file());
        List<Path> left = files(server);
        try (ChainedAuditLog log = server.open()) {
            TestServer.write(log, 1, 1);
        }
        LogReport report = server.verify(Stream.concat(left.stream(), Stream.of(server.file())).toList());
        assertTrue(report.fault().isEmpty(), report.toString());
    }

    @Test
    void aTornLastRecordIsCutAndTheCutRecorded() throws IOException {
        TestServer server = new TestServer(folder, KeyKind.ECDSA_P256);
        try (ChainedAuditLog log = server.open()) {
            TestServer.write(log, 1, 3);
        }
        byte[] whole = Files.readAllBytes(server.file());
        String torn = new String(whole, StandardCharsets.UTF_8).lines().toList().get(3).substring(0, 100);
        Files.writeString(server.file(), torn, StandardOpenOption.APPEND);
        assertTrue(server.verify().fault().orElseThrow().why().contains("torn"));
        try (ChainedAuditLog log = server.open()) {
            TestServer.write(log, 4, 4);
        }
        LogReport report = server.verify();
        assertTrue(report.fault().isEmpty(), report.toString());
        assertEquals(1, report.cuts());
        assertTrue(Files.readString(server.file()).contains("100 bytes after this were of no record"));

        // Power was lost: the file is longer than what reached the disk.
        Files.write(server.file(), new byte[5000], StandardOpenOption.APPEND);
        server.open().close();
        assertEquals(2, server.verify().cuts());
    }

    @Test
    void aLogThatWasChangedStopsTheStart() throws IOException {
        TestServer server = new TestServer(folder, KeyKind.ECDSA_P256);
        try (ChainedAuditLog log = server.open()) {
            TestServer.write(log, 1, 5);
        }
        String text = Files.readString(server.file());
        Files.writeString(server.file(), text.replace("\"generation\":2", "\"generation\":9"));
        ConfigurationException refusal = assertThrows(ConfigurationException.class, server::open);
        assertTrue(refusal.getMessage().contains("was changed"), refusal.getMessage());
        assertEquals(4, server.verify().fault().orElseThrow().line());
    }

    @Test
    void aLogThatCannotBeOpenedStopsTheStart() throws IOException {
        TestServer server = new TestServer(folder, KeyKind.ECDSA_P256);
        try (ChainedAuditLog log = server.open()) {
            assertTrue(assertThrows(ConfigurationException.class, server::open).getMessage().contains("writes to"));
            TestServer.write(log, 1, 1);
        }
        Files.delete(server.file());
        Files.createDirectory(server.file());
        assertThrows(ConfigurationException.class, server::open);
    }

    @Test
    void aClosedLogRefuses() throws IOException {
        ChainedAuditLog log = new TestServer(folder, KeyKind.ECDSA_P256).open();
        log.close();
        assertTrue(log.write(TestServer.record(1)).toCompletableFuture().isCompletedExceptionally());
    }

    static List<Path> files(TestServer server) throws IOException {
        try (Stream<Path> files = Files.list(server.file().getParent())) {
            return files.sorted((a, b) -> a.equals(server.file()) ? 1 : b.equals(server.file()) ? -1 : a.compareTo(b)).toList();
        }
    }
}
