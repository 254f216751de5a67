package org.pairspan.runtime.tls;

import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.runtime.certificate.BouncyCastle;
import org.pairspan.runtime.identity.GrantedPrefixes;
import org.pairspan.runtime.identity.Identity;
import org.pairspan.runtime.identity.Role;

/**
 * PKIX path validation (RFC 5280 section 6) to a fixed set of authorities, without revocation. The extension of RFC 3779 is understood:
 * prefixes of a certificate lie within those of each authority below the trusted one that has the extension. An authority below the trusted
 * one whose extended key usage leaves out servers issues members only.
 */
final class ChainValidator {
    private static final int MAX_CHAIN = 4;
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";

    private final Set<X509Certificate> authorities;
    private final Set<TrustAnchor> anchors;

    private ChainValidator(List<X509Certificate> authorities) {
        this.authorities = Set.copyOf(new HashSet<>(authorities));
        this.anchors = authorities.stream().map(authority -> new TrustAnchor(authority, null)).collect(Collectors.toUnmodifiableSet());
    }

    static ChainValidator of(List<X509Certificate> authorities) {
        return new ChainValidator(authorities);
    }

    /**
     * @param chain the certificate in question first
     * @throws CertificateException when no trusted path leads from it to an authority at that instant
     */
    void validate(List<X509Certificate> chain, Instant instant) throws CertificateException {
        try {
            check(chain, instant);
        } catch (RuntimeException e) {
            // Bouncy Castle reads parts of a certificate only when they are asked for, and has no checked exception for damage there.
            throw new CertificateException("a certificate cannot be read: " + e.getMessage(), e);
        }
    }

    private void check(List<X509Certificate> chain, Instant instant) throws CertificateException {
        if (chain.isEmpty() || chain.size() > MAX_CHAIN) {
            throw new CertificateException("a chain has 1 to " + MAX_CHAIN + " certificates, not " + chain.size());
        }
        if (chain.getFirst().getBasicConstraints() >= 0) {
            throw new CertificateException("an authority's own certificate is nobody's identity");
        }
        List<X509Certificate> below = chain.stream().filter(certificate -> !authorities.contains(certificate)).toList();
        try {
            CertPath path = CertificateFactory.getInstance("X.509", BouncyCastle.PROVIDER).generateCertPath(below);
            PKIXParameters parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(instant));
            parameters.addCertPathChecker(new PrefixExtensionChecker());
            CertPathValidator.getInstance("PKIX", BouncyCastle.PROVIDER).validate(path, parameters);
        } catch (GeneralSecurityException e) {
            throw new CertificateException(e.getMessage(), e);
        }
        List<IpPrefix> prefixes = GrantedPrefixes.of(chain.getFirst());
        for (X509Certificate authority : below.subList(1, below.size())) {
            requireWithin(authority, chain.getFirst(), prefixes);
        }
    }

    private static void requireWithin(X509Certificate authority, X509Certificate certificate, List<IpPrefix> prefixes) throws CertificateException {
        List<String> purposes = authority.getExtendedKeyUsage();
        if (purposes != null && !purposes.contains(SERVER_AUTH) && Identity.of(certificate).role() != Role.MEMBER) {
            throw new CertificateException("its authority issues members only, and this is " + Identity.of(certificate));
        }
        List<IpPrefix> limits = GrantedPrefixes.of(authority);
        if (authority.getExtensionValue(GrantedPrefixes.OID) != null
                && !prefixes.stream().allMatch(prefix -> limits.stream().anyMatch(limit -> limit.contains(prefix)))) {
            throw new CertificateException("it grants prefixes outside of those of its authority, " + limits);
        }
    }
}
