package org.pairspan.runtime.pki;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.pairspan.runtime.certificate.BouncyCastle;
import org.pairspan.runtime.certificate.KeyFiles;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.config.ConfigurationException;

/**
 * What an authority's two files hold, checked.
 *
 * @param chain its certificate, then those that lead from it to the one everybody trusts
 */
record AuthorityFiles(List<X509Certificate> chain, PrivateKey privateKey, KeyKind keyKind) {
    private static final String CERTIFICATE = "the authority's certificate";

    static AuthorityFiles read(Path certificateFile, Path keyFile, Instant now) {
        List<X509Certificate> chain = KeyFiles.certificates(CERTIFICATE, certificateFile);
        X509Certificate certificate = chain.getFirst();
        KeyKind kind = KeyFiles.kind(CERTIFICATE, certificateFile, certificate);
        try {
            requireSigned(chain, now);
        } catch (GeneralSecurityException e) {
            throw new ConfigurationException(CERTIFICATE, certificateFile.toString(),
                "must be valid now and signed by itself, or by the next one in the file: " + e.getMessage(),
                "make a new authority with 'pairspan pki ca'", e);
        }
        if (certificate.getBasicConstraints() < 0) {
            throw new ConfigurationException(CERTIFICATE, certificateFile.toString(), "must be an authority's certificate",
                "name the folder that 'pairspan pki ca' made");
        }
        return new AuthorityFiles(chain, KeyFiles.privateKey("the authority's key", keyFile, certificate, kind), kind);
    }

    /** An authority below another need not bring that one along: programs have it, as the one they trust. */
    private static void requireSigned(List<X509Certificate> chain, Instant now) throws GeneralSecurityException {
        for (int i = 0; i < chain.size(); i++) {
            X509Certificate certificate = chain.get(i);
            certificate.checkValidity(Date.from(now));
            boolean bySelf = certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
            if (bySelf || i + 1 < chain.size()) {
                certificate.verify((bySelf ? certificate : chain.get(i + 1)).getPublicKey(), BouncyCastle.PROVIDER);
            }
        }
    }

    @Override
    public String toString() {
        return "authority " + chain.getFirst().getSubjectX500Principal();
    }
}
