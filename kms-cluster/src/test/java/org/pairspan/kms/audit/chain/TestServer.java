package org.pairspan.kms.audit.chain;

import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongSupplier;
import org.pairspan.kms.audit.AuditRecord;
import org.pairspan.kms.config.KmsSettings;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.pki.CertificateAuthority;
import org.pairspan.runtime.tls.TlsIdentity;

/** A key server's identity and its audit log, without the server. */
final class TestServer {

    static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");
    static final InstantSource CLOCK = InstantSource.fixed(TIME);

    private final Path folder;
    private final CertificateAuthority authority;
    private final TlsIdentity identity;
    private long rotateSize = 1 << 20;
    private boolean sync;
    private InstantSource clock = CLOCK;
    private LongSupplier nanoTime = () -> 0;

    TestServer(Path folder, KeyKind kind) throws IOException {
        this.folder = folder;
        this.authority = CertificateAuthority.create("authority", kind, Duration.ofDays(2), Clock.systemUTC());
        authority.own().write(folder, "ca");
        authority.issueKms("kms-1", kind, Duration.ofDays(1)).write(folder, "kms-1");
        this.identity = TlsIdentity.load(folder.resolve("kms-1.crt"), folder.resolve("kms-1.key"), folder.resolve("ca.crt"));
    }

    TestServer rotatingAt(long bytes) {
        rotateSize = bytes;
        return this;
    }

    TestServer syncing() {
        sync = true;
        return this;
    }

    TestServer withClocks(InstantSource timeOfDay, LongSupplier monotonic) {
        clock = timeOfDay;
        nanoTime = monotonic;
        return this;
    }

    Path file() {
        return folder.resolve("log/audit.jsonl");
    }

    X509Certificate authority() {
        return authority.own().certificate();
    }

    ChainedAuditLog open() {
        return open(AppendFile::open);
    }

    ChainedAuditLog open(AppendFile.Opener opener) {
        return ChainedAuditLog.open(new KmsSettings.Audit(file(), sync, rotateSize, Duration.ofMinutes(1)), ChainIdentity.of(identity),
                clock, nanoTime, opener);
    }

    LogReport verify() throws IOException {
        return verify(List.of(file()));
    }

    LogReport verify(List<Path> files) throws IOException {
        return new LogVerifier(List.of(authority())).verify(files);
    }

    static AuditRecord record(int number) {
        return new AuditRecord(TIME, AuditRecord.Event.KEY_REQUEST, "site-a", "site-b", 1, number, null, "granted");
    }

    static void write(ChainedAuditLog log, int from, int to) {
        for (int number = from; number <= to; number++) {
            log.write(record(number)).toCompletableFuture().join();
        }
    }
}
