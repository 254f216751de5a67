package org.pairspan.runtime.pki;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.runtime.certificate.BouncyCastle;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.certificate.PemFiles;
import org.pairspan.runtime.config.ConfigurationException;
import org.pairspan.runtime.identity.GrantedPrefixes;
import org.pairspan.runtime.identity.Identity;
import org.pairspan.runtime.identity.Role;

class CertificateAuthorityTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Duration YEAR = Duration.ofDays(365);
    private static final List<IpPrefix> PREFIXES = List.of(IpPrefix.parse("10.1.0.0/16"));

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void aMembersCertificateSaysWhoItIsAndWhatItMayDoAndNoMore(KeyKind kind) throws GeneralSecurityException {
        CertificateAuthority authority = CertificateAuthority.create("Test", kind, YEAR, CLOCK);
        X509Certificate certificate = authority.issueMember("site-a", kind, PREFIXES, Duration.ofDays(10)).certificate();

        certificate.verify(authority.own().certificate().getPublicKey(), BouncyCastle.PROVIDER);
        assertEquals(new Identity(Role.MEMBER, "site-a"), Identity.of(certificate));
        assertEquals(PREFIXES, GrantedPrefixes.of(certificate));
        assertEquals(kind, KeyKind.of(certificate.getPublicKey()).orElseThrow());
        assertEquals(-1, certificate.getBasicConstraints());
        assertArrayEquals(new boolean[] {true, false, false, false, false, false, false, false, false}, certificate.getKeyUsage());
        assertEquals(List.of("1.3.6.1.5.5.7.3.2"), certificate.getExtendedKeyUsage());
        assertEquals(Set.of("2.5.29.15", "2.5.29.19", GrantedPrefixes.OID), certificate.getCriticalExtensionOIDs());
        assertEquals(NOW.minus(Duration.ofMinutes(5)), certificate.getNotBefore().toInstant());
        assertEquals(NOW.plus(Duration.ofDays(10)), certificate.getNotAfter().toInstant());
    }

    @Test
    void aKeyServersCertificateServesAndConnects() throws GeneralSecurityException {
        CertificateAuthority authority = CertificateAuthority.create("Test", KeyKind.SM2, YEAR, CLOCK);
        X509Certificate certificate = authority.issueKms("kms-1", KeyKind.SM2, Duration.ofDays(10)).certificate();
        assertEquals(new Identity(Role.KMS, "kms-1"), Identity.of(certificate));
        assertEquals(List.of("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"), certificate.getExtendedKeyUsage());
        assertTrue(GrantedPrefixes.of(certificate).isEmpty());
    }

    @Test
    void theAuthoritysCertificateSignsCertificatesAndNothingBelowIt() {
        X509Certificate certificate = CertificateAuthority.create("Test", KeyKind.SM2, YEAR, CLOCK).own().certificate();
        assertEquals(0, certificate.getBasicConstraints());
        assertTrue(certificate.getKeyUsage()[5]);
        assertFalse(certificate.getKeyUsage()[0]);
    }

    @Test
    void keysAreWrittenForTheirOwnerOnlyAndReadBack() throws IOException {
        CertificateAuthority authority = CertificateAuthority.create("Test", KeyKind.SM2, YEAR, CLOCK);
        authority.own().write(folder, "ca");
        assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(folder.resolve("ca.key")));

        CertificateAuthority again = CertificateAuthority.load(folder.resolve("ca.crt"), folder.resolve("ca.key"), CLOCK);
        IssuedCertificate issued = again.issueMember("site-a", KeyKind.SM2, PREFIXES, Duration.ofDays(1));
        issued.write(folder, "site-a");
        assertEquals(issued.certificate(), PemFiles.readCertificates(folder.resolve("site-a.crt")).getFirst());
        assertArrayEquals(issued.privateKey().getEncoded(), PemFiles.readPrivateKey(folder.resolve("site-a.key")).getEncoded());
        assertTrue(Files.readString(folder.resolve("site-a.key")).startsWith("-----BEGIN PRIVATE KEY-----"));
    }

    @Test
    void nothingIsEverOverwritten() throws IOException {
        IssuedCertificate own = CertificateAuthority.create("Test", KeyKind.SM2, YEAR, CLOCK).own();
        own.write(folder, "ca");
        assertThrows(FileAlreadyExistsException.class, () -> own.write(folder, "ca"));
        Files.delete(folder.resolve("ca.crt"));
        assertThrows(FileAlreadyExistsException.class, () -> own.write(folder, "ca"));
        assertFalse(Files.exists(folder.resolve("ca.crt")));
    }

    @Test
    void aCertificateNeverOutlivesItsAuthority() {
        CertificateAuthority authority = CertificateAuthority.create("Test", KeyKind.SM2, YEAR, CLOCK);
        assertThrows(IllegalArgumentException.class, () -> authority.issueKms("kms-1", KeyKind.SM2, YEAR.plusDays(1)));
    }

    @Test
    void anSm2AuthorityIssuesSm2Only() {
        CertificateAuthority authority = CertificateAuthority.create("Test", KeyKind.SM2, YEAR, CLOCK);
        assertThrows(IllegalArgumentException.class, () -> authority.issueKms("kms-1", KeyKind.ECDSA_P256, Duration.ofDays(1)));
    }

    @Test
    void anAuthorityThatExpiredOrIsNoneIsRefused() throws IOException {
        CertificateAuthority authority = CertificateAuthority.create("Test", KeyKind.SM2, YEAR, CLOCK);
        authority.own().write(folder, "ca");
        authority.issueKms("kms-1", KeyKind.SM2, Duration.ofDays(1)).write(folder, "kms-1");
        Clock later = Clock.offset(CLOCK, YEAR.plusDays(1));
        assertThrows(ConfigurationException.class, () -> CertificateAuthority.load(folder.resolve("ca.crt"), folder.resolve("ca.key"), later));
        assertThrows(ConfigurationException.class, () -> CertificateAuthority.load(folder.resolve("kms-1.crt"), folder.resolve("kms-1.key"), CLOCK));
    }
}
