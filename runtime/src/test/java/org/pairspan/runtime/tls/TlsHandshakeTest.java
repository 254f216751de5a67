package org.pairspan.runtime.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.time.Duration;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.identity.GrantedPrefixes;
import org.pairspan.runtime.identity.Identity;
import org.pairspan.runtime.identity.Role;

class TlsHandshakeTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"SM2, TLS_SM4_GCM_SM3", "ECDSA_P256, TLS_AES_256_GCM_SHA384", "ECDSA_P384, TLS_AES_256_GCM_SHA384"})
    void memberAndKeyServerMeetAndEachKnowsTheOther(KeyKind kind, String suite) throws IOException, CertificateException {
        TestPki pki = new TestPki(folder, kind);
        SSLEngine client = TlsContexts.of(pki.member("site-a", kind)).clientEngine(Role.KMS);
        SSLEngine server = TlsContexts.of(pki.kms("kms-1", kind)).serverEngine(Role.MEMBER);
        EnginePair pair = new EnginePair(client, server);
        pair.handshake();

        assertEquals(suite, client.getSession().getCipherSuite());
        assertEquals("TLSv1.3", server.getSession().getProtocol());
        assertEquals(new Identity(Role.KMS, "kms-1"), TlsContexts.peerIdentity(client.getSession()));
        assertEquals(new Identity(Role.MEMBER, "site-a"), TlsContexts.peerIdentity(server.getSession()));
        assertEquals(TestPki.PREFIXES, GrantedPrefixes.of(TlsContexts.peerCertificate(server.getSession())));
        byte[] hello = "hello".getBytes(StandardCharsets.US_ASCII);
        assertArrayEquals(hello, pair.clientSends(hello));
    }

    @Test
    void bothCurvesOfTheInternationalFamilyMeet() throws IOException {
        TestPki pki = new TestPki(folder, KeyKind.ECDSA_P384);
        new EnginePair(TlsContexts.of(pki.member("site-a", KeyKind.ECDSA_P256)).clientEngine(Role.KMS),
            TlsContexts.of(pki.kms("kms-1", KeyKind.ECDSA_P384)).serverEngine(Role.MEMBER)).handshake();
    }

    @ParameterizedTest
    @EnumSource(names = {"SM2", "ECDSA_P256"})
    void keyServersMeetEachOther(KeyKind kind) throws IOException {
        TestPki pki = new TestPki(folder, kind);
        new EnginePair(TlsContexts.of(pki.kms("kms-1", kind)).clientEngine(Role.KMS),
            TlsContexts.of(pki.kms("kms-2", kind)).serverEngine(Role.KMS)).handshake();
    }

    @ParameterizedTest
    @EnumSource(names = {"SM2", "ECDSA_P256"})
    void aMemberIsNoKeyServerAmongKeyServers(KeyKind kind) throws IOException {
        TestPki pki = new TestPki(folder, kind);
        assertRefused("the peer is member site-a, where a kms is expected",
            TlsContexts.of(pki.member("site-a", kind)).clientEngine(Role.KMS), TlsContexts.of(pki.kms("kms-2", kind)).serverEngine(Role.KMS));
    }

    @Test
    void aMemberCannotServe() throws IOException {
        TestPki pki = new TestPki(folder, KeyKind.SM2);
        assertRefused("not made for this end", TlsContexts.of(pki.member("site-a", KeyKind.SM2)).clientEngine(Role.KMS),
            TlsContexts.of(pki.member("site-b", KeyKind.SM2)).serverEngine(Role.MEMBER));
    }

    @Test
    void aKeyServerIsNoMember() throws IOException {
        TestPki pki = new TestPki(folder, KeyKind.SM2);
        assertRefused("the peer is kms kms-1, where a member is expected", TlsContexts.of(pki.kms("kms-1", KeyKind.SM2)).clientEngine(Role.KMS),
            TlsContexts.of(pki.kms("kms-2", KeyKind.SM2)).serverEngine(Role.MEMBER));
    }

    @Test
    void aCertificateOfAnotherAuthorityIsRefused() throws IOException {
        TestPki pki = new TestPki(folder, KeyKind.SM2);
        TestPki other = new TestPki(folder.resolve("other"), KeyKind.SM2);
        other.member("site-a", KeyKind.SM2);
        assertRefused("", TlsContexts.of(other.trusting("site-a", pki.file("ca.crt"))).clientEngine(Role.KMS),
            TlsContexts.of(pki.kms("kms-1", KeyKind.SM2)).serverEngine(Role.MEMBER));
    }

    @Test
    void aCertificateThatHasExpiredIsRefused() throws IOException {
        TestPki past = new TestPki(folder, KeyKind.SM2, TestPki.clockBefore(Duration.ofDays(3)));
        TlsContexts expired = TlsContexts.of(past.member("site-a", KeyKind.SM2));
        TlsContexts now = TlsContexts.of(past.kms("kms-1", KeyKind.SM2));
        assertRefused("expired", expired.clientEngine(Role.KMS), now.serverEngine(Role.MEMBER));
    }

    @Test
    void theTwoFamiliesDoNotMeet() throws IOException {
        TestPki sm = new TestPki(folder, KeyKind.SM2);
        TestPki international = new TestPki(folder.resolve("other"), KeyKind.ECDSA_P256);
        international.member("site-a", KeyKind.ECDSA_P256);
        assertRefused("", TlsContexts.of(international.trusting("site-a", sm.file("ca.crt"))).clientEngine(Role.KMS),
            TlsContexts.of(sm.kms("kms-1", KeyKind.SM2)).serverEngine(Role.MEMBER));
    }

    private static void assertRefused(String reason, SSLEngine client, SSLEngine server) {
        SSLException refusal = assertThrows(SSLException.class, () -> new EnginePair(client, server).handshake());
        StringBuilder messages = new StringBuilder();
        for (Throwable cause = refusal; cause != null; cause = cause.getCause()) {
            messages.append(cause.getMessage()).append('\n');
        }
        assertTrue(messages.toString().contains(reason), messages.toString());
    }
}
