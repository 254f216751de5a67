package org.pairspan.kms.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.kms.config.KmsSettings;
import org.pairspan.runtime.config.ConfigurationException;

class FileAuditLogTest {

    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final InetSocketAddress FROM = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4321);

    @TempDir
    Path folder;

    @Test
    void aRecordIsOneLineOfJsonAndIsThereWhenItsStageCompletes() throws IOException {
        Path file = folder.resolve("deep/audit.jsonl");
        try (FileAuditLog log = FileAuditLog.open(new KmsSettings.Audit(file, true))) {
            log.write(new AuditRecord(TIME, AuditRecord.Event.KEY_REQUEST, "site-a", "site-b", 1, 7, FROM, "granted"))
                    .toCompletableFuture().join();
            assertEquals(List.of("{\"time\":\"2026-01-02T03:04:05.678Z\",\"event\":\"key-request\",\"actor\":\"member site-a\",\"member\":\"site-a\",\"peer\":\"site-b\","
                    + "\"key_version\":1,\"generation\":7,\"from\":\"127.0.0.1:4321\",\"result\":\"granted\"}"), Files.readAllLines(file));
            log.write(new AuditRecord(TIME, AuditRecord.Event.IDENTITY_MISMATCH, "site-a", null, 0, 0, null, "claimed \"x\"\n"))
                    .toCompletableFuture().join();
            assertEquals("{\"time\":\"2026-01-02T03:04:05.678Z\",\"event\":\"identity-mismatch\",\"actor\":\"member site-a\",\"member\":\"site-a\","
                    + "\"result\":\"claimed \\\"x\\\"\\n\"}", Files.readAllLines(file).get(1));
        }
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void aLogThatCannotBeWrittenFailsTheStage() throws IOException {
        FileAuditLog log = FileAuditLog.open(new KmsSettings.Audit(folder.resolve("audit.jsonl"), false));
        log.close();
        assertThrows(CompletionException.class,
                () -> log.write(new AuditRecord(TIME, AuditRecord.Event.REGISTER, "site-a", null, 0, 0, FROM, "x"))
                        .toCompletableFuture().join());
    }

    @Test
    void aLogThatCannotBeOpenedStopsTheStart() {
        assertThrows(ConfigurationException.class, () -> FileAuditLog.open(new KmsSettings.Audit(folder, false)));
    }
}
