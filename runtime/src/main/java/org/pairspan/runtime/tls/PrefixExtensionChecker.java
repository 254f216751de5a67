package org.pairspan.runtime.tls;

import java.security.cert.Certificate;
import java.security.cert.PKIXCertPathChecker;
import java.util.Collection;
import java.util.Set;
import org.pairspan.runtime.identity.GrantedPrefixes;

/** Tells PKIX validation that the critical extension of RFC 3779 is understood; {@link ChainValidator} checks it. */
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
    public void check(Certificate certificate, Collection<String> unresolvedCriticalExtensions) {
        unresolvedCriticalExtensions.remove(GrantedPrefixes.OID);
    }
}
