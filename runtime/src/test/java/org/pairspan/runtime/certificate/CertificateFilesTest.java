package org.pairspan.runtime.certificate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.runtime.pki.CertificateAuthority;
import org.pairspan.runtime.tls.TlsIdentity;

class CertificateFilesTest {
    private static final KeyKind KIND = KeyKind.ECDSA_P256;

    @TempDir
    Path folder;

    private CertificateAuthority authority;
    private CertificateFiles files;

    @BeforeEach
    void first() throws IOException {
        authority = CertificateAuthority.create("Test", KIND, Duration.ofDays(3), Clock.systemUTC());
        authority.own().write(folder, "ca");
        authority.issueMember("site-a", KIND, List.of(), Duration.ofDays(1)).write(folder, "site-a");
        files = new CertificateFiles(folder.resolve("site-a.crt"), folder.resolve("site-a.key"));
    }

    @Test
    void bothAreReplaced() throws IOException {
        TlsIdentity before = load();
        replace();
        assertFalse(before.certificate().equals(load().certificate()));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("site-a.key"))));
    }

    @Test
    void aReplacementThatWasInterruptedAnywhereLeavesAPairThatFits() throws IOException {
        byte[] oldKey = Files.readAllBytes(folder.resolve("site-a.key"));
        byte[] oldCertificate = Files.readAllBytes(folder.resolve("site-a.crt"));
        replace();
        byte[] newKey = Files.readAllBytes(folder.resolve("site-a.key"));
        byte[] newCertificate = Files.readAllBytes(folder.resolve("site-a.crt"));

        // Half of the key written; the key written; half of the certificate; both written; the key moved.
        interrupted(oldKey, oldCertificate, half(newKey), null, oldCertificate);
        interrupted(oldKey, oldCertificate, newKey, null, oldCertificate);
        interrupted(oldKey, oldCertificate, newKey, half(newCertificate), oldCertificate);
        interrupted(oldKey, oldCertificate, newKey, newCertificate, oldCertificate);
        interrupted(newKey, oldCertificate, null, newCertificate, newCertificate);
    }

    private void interrupted(byte[] key, byte[] certificate, byte[] nextKey, byte[] nextCertificate, byte[] expected) throws IOException {
        Files.write(folder.resolve("site-a.key"), key);
        Files.write(folder.resolve("site-a.crt"), certificate);
        if (nextKey != null) {
            Files.write(folder.resolve("site-a.key.next"), nextKey);
        }
        if (nextCertificate != null) {
            Files.write(folder.resolve("site-a.crt.next"), nextCertificate);
        }
        files.recover();
        load();
        assertEquals(new String(expected), Files.readString(folder.resolve("site-a.crt")));
        assertFalse(Files.exists(folder.resolve("site-a.key.next")) || Files.exists(folder.resolve("site-a.crt.next")));
        replace();
        load();
    }

    private static byte[] half(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length / 2);
    }

    private void replace() throws IOException {
        KeyPair pair = KIND.generate(new SecureRandom());
        files.replace(pair.getPrivate(), List.of(authority.issueMember("site-a", pair.getPublic(), List.of(), Duration.ofDays(1))));
    }

    private TlsIdentity load() {
        return TlsIdentity.load(folder.resolve("site-a.crt"), folder.resolve("site-a.key"), folder.resolve("ca.crt"));
    }
}
