package org.pairspan.runtime.pki;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import org.pairspan.runtime.certificate.BouncyCastle;
import org.pairspan.runtime.certificate.KeyFiles;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.config.ConfigurationException;

/** What an authority's two files hold, checked. */
record AuthorityFiles(X509Certificate certificate, PrivateKey privateKey, KeyKind keyKind) {
    private static final String CERTIFICATE = "the authority's certificate";

    static AuthorityFiles read(Path certificateFile, Path keyFile, Instant now) {
        X509Certificate certificate = KeyFiles.certificates(CERTIFICATE, certificateFile).getFirst();
        KeyKind kind = KeyFiles.kind(CERTIFICATE, certificateFile, certificate);
        try {
            certificate.checkValidity(Date.from(now));
            certificate.verify(certificate.getPublicKey(), BouncyCastle.PROVIDER);
        } catch (GeneralSecurityException e) {
            throw new ConfigurationException(CERTIFICATE, certificateFile.toString(), "must be valid now and signed by itself: " + e.getMessage(),
                "make a new authority with 'pairspan pki ca'", e);
        }
        if (certificate.getBasicConstraints() < 0) {
            throw new ConfigurationException(CERTIFICATE, certificateFile.toString(), "must be an authority's certificate",
                "name the folder that 'pairspan pki ca' made");
        }
        return new AuthorityFiles(certificate, KeyFiles.privateKey("the authority's key", keyFile, certificate, kind), kind);
    }

    @Override
    public String toString() {
        return "authority " + certificate.getSubjectX500Principal();
    }
}
