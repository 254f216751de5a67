package org.pairspan.runtime.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.net.ssl.SSLEngine;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.identity.Identity;
import org.pairspan.runtime.identity.Role;

/** Peers that are not ours, and do what some implementations of RFC 8998 are known to do wrong. */
class ForeignPeerTest {
    @TempDir
    Path folder;

    private TlsIdentity member;
    private TlsIdentity kms;
    private SSLEngine server;

    @BeforeEach
    void startServer() throws IOException {
        TestPki pki = new TestPki(folder, KeyKind.SM2);
        member = pki.member("site-a", KeyKind.SM2);
        kms = pki.kms("kms-1", KeyKind.SM2);
        server = TlsContexts.of(kms).serverEngine(Role.MEMBER);
    }

    @Test
    void aPeerThatSignsUnderTheIdOfRfc8998IsServed() throws IOException {
        new ForeignClient(member.chain(), member.privateKey(), ForeignClient.TLS_ID).handshake(server);
        assertEquals(new Identity(Role.MEMBER, "site-a"), TlsContexts.peerIdentity(server.getSession()));
    }

    @Test
    void aPeerThatSignsUnderTheDefaultIdIsRefused() {
        assertThrows(IOException.class, () -> new ForeignClient(member.chain(), member.privateKey(), ForeignClient.DEFAULT_ID).handshake(server));
    }

    @Test
    void aPeerWithoutCertificateIsRefused() {
        assertThrows(IOException.class, () -> new ForeignClient(List.of(), member.privateKey(), ForeignClient.TLS_ID).handshake(server));
    }

    @Test
    void aPeerThatShowsAnRsaCertificateUnderTheSmSuiteIsRefused() throws Exception {
        X509Certificate rsa = selfSignedRsa();
        assertThrows(IOException.class, () -> new ForeignClient(List.of(rsa), member.privateKey(), ForeignClient.TLS_ID).handshake(server));
    }

    @Test
    void anRsaCertificateAnywhereInTheChainIsNotTrusted() throws Exception {
        X509Certificate rsa = selfSignedRsa();
        PeerTrustManager trust = new PeerTrustManager(kms, Role.MEMBER, Clock.systemUTC());
        for (X509Certificate[] chain : List.of(new X509Certificate[] {rsa}, new X509Certificate[] {member.certificate(), rsa})) {
            CertificateException refusal = assertThrows(CertificateException.class, () -> trust.checkClientTrusted(chain, "UNKNOWN"));
            assertTrue(refusal.getMessage().contains("a key of kind RSA does not go with sm2"), refusal.getMessage());
        }
    }

    private static X509Certificate selfSignedRsa() throws GeneralSecurityException, OperatorCreationException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair pair = generator.generateKeyPair();
        X500Name name = new X500Name("CN=site-a");
        Instant now = Instant.now();
        return new JcaX509CertificateConverter().getCertificate(new JcaX509v3CertificateBuilder(name, BigInteger.ONE,
            Date.from(now.minus(Duration.ofHours(1))), Date.from(now.plus(Duration.ofHours(1))), name, pair.getPublic())
            .build(new JcaContentSignerBuilder("SHA256withRSA").build(pair.getPrivate())));
    }
}
