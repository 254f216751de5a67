package org.pairspan.cli.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.kms.audit.AuditRecord;
import org.pairspan.kms.audit.chain.ChainedAuditLog;
import org.pairspan.kms.config.KmsSettings;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.pki.CertificateAuthority;
import org.pairspan.runtime.tls.TlsIdentity;
import picocli.CommandLine;

class AuditCommandTest {
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private Path file;

    @BeforeEach
    void write() throws IOException {
        CertificateAuthority authority = CertificateAuthority.create("authority", KeyKind.SM2, Duration.ofDays(2), Clock.systemUTC());
        authority.own().write(folder, "ca");
        authority.issueKms("kms-1", KeyKind.SM2, Duration.ofDays(1)).write(folder, "kms-1");
        file = folder.resolve("audit.jsonl");
        try (ChainedAuditLog log = ChainedAuditLog.open(new KmsSettings.Audit(file, false, 1 << 20, Duration.ofMinutes(1)),
                TlsIdentity.load(folder.resolve("kms-1.crt"), folder.resolve("kms-1.key"), folder.resolve("ca.crt")), () -> TIME)) {
            for (String member : new String[] {"site-a", "site-b", "site-\u001b[31m"}) {
                log.write(new AuditRecord(TIME, AuditRecord.Event.REGISTER, member, null, 0, 0, null, "registered")).toCompletableFuture().join();
            }
        }
    }

    @Test
    void aWholeLogIsSaidToBeWhole() {
        assertEquals(0, run("verify", file.toString(), "--certificate", folder.resolve("ca.crt").toString()));
        assertTrue(out.toString().startsWith("6 records of server kms-1, 1 to 6, from 2026-01-02T03:04:05Z to 2026-01-02T03:04:05Z, chain whole"),
            out.toString());
        assertTrue(out.toString().contains("signed up to record 6"), out.toString());
    }

    @Test
    void theFirstBadPlaceIsNamedWithItsLine() throws IOException {
        Files.writeString(file, Files.readString(file).replace("\"actor\":\"member site-b\"", "\"actor\":\"member site-x\""));
        assertEquals(1, run("verify", file.toString()));
        assertTrue(out.toString().startsWith("BROKEN at " + file + ", line 4: record 4: its hash is not that of its bytes"), out.toString());
        assertTrue(out.toString().contains("whole before it: 3 records"), out.toString());
    }

    @Test
    void aChainWithoutSignatureIsNotBelievedToBeTheServers() throws IOException {
        Files.writeString(file, Files.readString(file).lines().findFirst().orElseThrow() + "\n");
        assertEquals(0, run("verify", file.toString()), "whole it is");
        assertEquals(1, run("verify", file.toString(), "--certificate", folder.resolve("ca.crt").toString()));
        assertTrue(out.toString().contains("no record is signed: this proves nothing"), out.toString());
    }

    @Test
    void noTextEndsItsOwnQuotes() throws IOException {
        try (ChainedAuditLog log = ChainedAuditLog.open(new KmsSettings.Audit(folder.resolve("quotes.jsonl"), false, 1 << 20, Duration.ofMinutes(1)),
                TlsIdentity.load(folder.resolve("kms-1.crt"), folder.resolve("kms-1.key"), folder.resolve("ca.crt")), () -> TIME)) {
            log.write(new AuditRecord(TIME, AuditRecord.Event.KEY_DELIVERED, "site-a", "x\" result=\"yes", 0, 0, null, "no")).toCompletableFuture().join();
        }
        assertEquals(0, run("show", folder.resolve("quotes.jsonl").toString(), "--event", "key-delivered"));
        assertTrue(out.toString().contains("peer=\"x\\\" result=\\\"yes\" result=no"), out.toString());
    }

    @Test
    void aForeignAuthorityIsNotBelieved() throws IOException {
        CertificateAuthority.create("other", KeyKind.SM2, Duration.ofDays(2), Clock.systemUTC()).own().write(folder, "other");
        assertEquals(1, run("verify", file.toString(), "--certificate", folder.resolve("other.crt").toString()));
    }

    @Test
    void recordsAreChosenByMemberEventAndTime() {
        assertEquals(0, run("show", file.toString(), "--member", "site-a"));
        assertTrue(out.toString().startsWith("3  2026-01-02T03:04:05Z  register  actor=\"member site-a\" member=site-a result=registered"), out.toString());
        assertEquals(1, out.toString().lines().count());
        assertEquals(0, run("show", file.toString(), "--event", "checkpoint", "--since", "2026-01-02T03:04:06Z"));
        assertEquals(1, out.toString().lines().count());
        assertEquals(0, run("show", file.toString(), "--event", "register"));
        assertEquals(4, out.toString().lines().count());
        assertFalse(out.toString().contains("\u001b"), "a control character reached the terminal");
    }

    private int run(String... arguments) {
        return new CommandLine(new AuditCommand()).setOut(new PrintWriter(out, true)).execute(arguments);
    }
}
