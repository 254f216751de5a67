package org.pairspan.runtime.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.identity.Identity;
import org.pairspan.runtime.identity.Role;
import org.pairspan.runtime.tls.TlsIdentity;

class CertificateRequestTest {
    private static final Identity MEMBER = new Identity(Role.MEMBER, "site-a");
    private static final Duration DAY = Duration.ofDays(1);

    @ParameterizedTest
    @EnumSource
    void aRequestNamesAnIdentityAndAKeyAndGetsACertificateForThem(KeyKind kind) throws Exception {
        KeyPair pair = kind.generate(new SecureRandom());
        assertEquals(pair.getPublic(), kind.publicKeyOf(pair.getPrivate()));
        CertificateRequest request = CertificateRequest.read(CertificateRequest.create(MEMBER, kind, pair));
        assertEquals(MEMBER, request.identity());
        assertEquals(kind, request.kind());
        CertificateAuthority authority = CertificateAuthority.create("Test", kind, DAY.multipliedBy(2), Clock.systemUTC());
        X509Certificate certificate = authority.issueMember("site-a", request.key(), List.of(IpPrefix.parse("10.1.0.0/16")), DAY);
        assertEquals(pair.getPublic(), certificate.getPublicKey());
        TlsIdentity.requireTrusted(List.of(authority.own().certificate()), List.of(certificate), Instant.now());
    }

    @Test
    void damageIsRefusedWhateverItIs() {
        KeyPair pair = KeyKind.ECDSA_P256.generate(new SecureRandom());
        byte[] good = CertificateRequest.create(MEMBER, KeyKind.ECDSA_P256, pair);
        long seed = new SecureRandom().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            byte[] bad = random.nextInt(4) == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
            if (bad.length == good.length) {
                bad[random.nextInt(bad.length)] ^= (byte) (1 + random.nextInt(255));
            }
            assertThrows(IllegalArgumentException.class, () -> CertificateRequest.read(bad), () -> "seed " + seed);
        }
        assertThrows(IllegalArgumentException.class, () -> CertificateRequest.read(Arrays.copyOf(good, good.length + 1)));
        assertThrows(IllegalArgumentException.class, () -> CertificateRequest.read(new byte[CertificateRequest.MAX_LENGTH + 1]));
    }

    @ParameterizedTest
    @EnumSource(names = {"SM2", "ECDSA_P384"})
    void anAuthorityForMembersIssuesMembersWithinItsPrefixesAndNothingElse(KeyKind kind) throws Exception {
        CertificateAuthority root = CertificateAuthority.create("Root", kind, DAY.multipliedBy(9), 1, Clock.systemUTC());
        CertificateAuthority below = root.issueMemberAuthority("Enrolment", kind, List.of(IpPrefix.parse("10.0.0.0/8")), DAY.multipliedBy(5));
        List<X509Certificate> trusted = List.of(root.own().certificate());
        Instant now = Instant.now();

        TlsIdentity.requireTrusted(trusted, chain(below, below.issueMember("site-a", kind, List.of(IpPrefix.parse("10.1.0.0/16")), DAY)), now);
        List<X509Certificate> outside = chain(below, below.issueMember("site-b", kind, List.of(IpPrefix.parse("192.0.2.0/24")), DAY));
        assertThrows(CertificateException.class, () -> TlsIdentity.requireTrusted(trusted, outside, now));
        List<X509Certificate> keyServer = chain(below, below.issueKms("kms-9", kind, DAY));
        assertThrows(CertificateException.class, () -> TlsIdentity.requireTrusted(trusted, keyServer, now));
        assertThrows(IllegalStateException.class, () -> below.issueMemberAuthority("Third", kind, List.of(), DAY));
        assertThrows(IllegalStateException.class, () -> CertificateAuthority.create("Other", kind, DAY.multipliedBy(9), Clock.systemUTC())
            .issueMemberAuthority("Enrolment", kind, List.of(), DAY));
    }

    private static List<X509Certificate> chain(CertificateAuthority authority, IssuedCertificate issued) {
        List<X509Certificate> chain = new ArrayList<>(List.of(issued.certificate()));
        chain.addAll(authority.intermediates());
        return chain;
    }
}
