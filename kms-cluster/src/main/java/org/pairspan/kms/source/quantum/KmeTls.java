package org.pairspan.kms.source.quantum;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.pairspan.kms.config.KeySourceSettings.PeerCheck;
import org.pairspan.kms.config.KeySourceSettings.Quantum;
import org.pairspan.runtime.certificate.KeyFiles;
import org.pairspan.runtime.certificate.PemFiles;
import org.pairspan.runtime.config.ConfigurationException;
import org.pairspan.runtime.identity.Role;
import org.pairspan.runtime.tls.TlsContexts;
import org.pairspan.runtime.tls.TlsIdentity;

/** TLS engines for connections to a KME, both ends with certificates. */
@FunctionalInterface
interface KmeTls {

    /** An engine of the connecting end. */
    SSLEngine engine(String host, int port);

    /**
     * From an operator's settings.
     *
     * @throws ConfigurationException where a file is not what it should be
     */
    static KmeTls of(Quantum settings) {
        if (settings.peerCheck() == PeerCheck.PAIRSPAN) {
            TlsContexts tls = TlsContexts.of(TlsIdentity.load(settings.certificate(), settings.privateKey(), settings.authority()));
            return (host, port) -> tls.clientEngine(Role.KMS);
        }
        SSLContext context = web(settings);
        return (host, port) -> {
            SSLEngine engine = context.createSSLEngine(host, port);
            engine.setUseClientMode(true);
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
            engine.setSSLParameters(parameters);
            return engine;
        };
    }

    private static SSLContext web(Quantum settings) {
        String prefix = "pairspan.kms.key-source.quantum.";
        List<X509Certificate> chain = KeyFiles.certificates(prefix + "certificate", settings.certificate());
        List<X509Certificate> authorities = KeyFiles.certificates(prefix + "authority", settings.authority());
        KeyFiles.requireOwnerOnly(prefix + "private-key", settings.privateKey());
        try {
            PrivateKey key = privateKey(settings.privateKey(), chain.getFirst());
            KeyStore own = empty();
            own.setKeyEntry("own", key, new char[0], javas(chain));
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX", "SunJSSE");
            keys.init(own, new char[0]);
            KeyStore trusted = empty();
            Certificate[] anchors = javas(authorities);
            for (int i = 0; i < anchors.length; i++) {
                trusted.setCertificateEntry("authority-" + i, anchors[i]);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX", "SunJSSE");
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS", "SunJSSE");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new ConfigurationException(prefix + "private-key", settings.privateKey().toString(),
                    "must be the RSA or EC key (PEM, PKCS #8) of the certificate in " + settings.certificate() + ": " + e.getMessage(),
                    "name the key that belongs to this certificate; SM2 goes with peer-check = pairspan only", e);
        }
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** As the JDK's own objects, which its TLS needs. */
    private static Certificate[] javas(List<X509Certificate> certificates) throws GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509", "SUN");
        Certificate[] javas = new Certificate[certificates.size()];
        for (int i = 0; i < javas.length; i++) {
            javas[i] = factory.generateCertificate(new ByteArrayInputStream(certificates.get(i).getEncoded()));
        }
        return javas;
    }

    private static PrivateKey privateKey(Path file, X509Certificate certificate) throws GeneralSecurityException, IOException {
        boolean rsa = certificate.getPublicKey().getAlgorithm().equals("RSA");
        PrivateKey key = KeyFactory.getInstance(rsa ? "RSA" : "EC", rsa ? "SunRsaSign" : "SunEC")
                .generatePrivate(new PKCS8EncodedKeySpec(PemFiles.readPrivateKey(file).getEncoded()));
        Signature signature = Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSA");
        signature.initSign(key);
        signature.update((byte) 1);
        byte[] signed = signature.sign();
        signature.initVerify(certificate);
        signature.update((byte) 1);
        if (!signature.verify(signed)) {
            throw new GeneralSecurityException("it is the key of another certificate");
        }
        return key;
    }
}
