package org.pairspan.runtime.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.identity.Identity;
import org.pairspan.runtime.identity.Role;

/** Decides inside the handshake whether the peer is one to talk to; a refusal is an alert to the peer. */
final class PeerTrustManager extends X509ExtendedTrustManager {
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

    private final KeyKind own;
    private final Role expected;
    private final X509Certificate[] authorities;
    private final ChainValidator validator;
    private final Clock clock;

    PeerTrustManager(TlsIdentity identity, Role expected, Clock clock) {
        this(identity.keyKind(), identity.authorities(), expected, clock);
    }

    PeerTrustManager(KeyKind own, List<X509Certificate> authorities, Role expected, Clock clock) {
        this.own = own;
        this.expected = expected;
        this.authorities = authorities.toArray(X509Certificate[]::new);
        this.validator = ChainValidator.of(authorities);
        this.clock = clock;
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.clone();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain, CLIENT_AUTH);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) throws CertificateException {
        check(chain, CLIENT_AUTH);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException {
        check(chain, CLIENT_AUTH);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain, SERVER_AUTH);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) throws CertificateException {
        check(chain, SERVER_AUTH);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException {
        check(chain, SERVER_AUTH);
    }

    private void check(X509Certificate[] chain, String purpose) throws CertificateException {
        if (chain == null || chain.length == 0) {
            throw new CertificateException("the peer showed no certificate");
        }
        for (X509Certificate certificate : chain) {
            Optional<KeyKind> kind = KeyKind.of(certificate.getPublicKey());
            if (kind.isEmpty() || !kind.get().speaksWith(own)) {
                throw new CertificateException("a certificate with a key of kind " + kind.map(KeyKind::word)
                    .orElse(certificate.getPublicKey().getAlgorithm()) + " does not go with " + own);
            }
        }
        validator.validate(List.of(chain), clock.instant());
        checkUsage(chain[0], purpose);
        Identity identity = Identity.of(chain[0]);
        if (identity.role() != expected) {
            throw new CertificateException("the peer is " + identity + ", where a " + expected.urnPart() + " is expected");
        }
    }

    private static void checkUsage(X509Certificate certificate, String purpose) throws CertificateException {
        boolean[] usage = certificate.getKeyUsage();
        List<String> purposes = certificate.getExtendedKeyUsage();
        if (usage == null || !usage[0] || purposes == null || !purposes.contains(purpose)) {
            throw new CertificateException("the certificate is not made for this end of a TLS connection");
        }
    }
}
