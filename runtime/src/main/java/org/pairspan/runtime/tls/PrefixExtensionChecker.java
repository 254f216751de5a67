package org.pairspan.runtime.tls;

import java.security.cert.CertPathValidatorException;
import java.security.cert.Certificate;
import java.security.cert.PKIXCertPathChecker;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Set;
import org.pairspan.runtime.identity.GrantedPrefixes;

/** Tells PKIX validation that the critical extension of RFC 3779 is understood in an end entity's certificate. */
final class PrefixExtensionChecker extends PKIXCertPathChecker {
    @Override
    public void init(boolean forward) {
        // Holds no state.
    }

    @Override
    public boolean isForwardCheckingSupported() {
        return true;
    }

    @Override
    public Set<String> getSupportedExtensions() {
        return Set.of(GrantedPrefixes.OID);
    }

    @Override
    public void check(Certificate certificate, Collection<String> unresolvedCriticalExtensions) throws CertPathValidatorException {
        boolean present = ((X509Certificate) certificate).getExtensionValue(GrantedPrefixes.OID) != null;
        if (present && ((X509Certificate) certificate).getBasicConstraints() >= 0) {
            throw new CertPathValidatorException("an authority's certificate limits IP prefixes, which is not supported");
        }
        unresolvedCriticalExtensions.remove(GrantedPrefixes.OID);
    }
}
