package org.pairspan.kms.enrolment;

import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.pairspan.kms.config.EnrolmentSettings;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.runtime.config.ConfigurationException;
import org.pairspan.runtime.pki.CertificateAuthority;
import org.pairspan.runtime.pki.CertificateRequest;
import org.pairspan.runtime.tls.TlsIdentity;

/** Signs members' certificates. Safe for use by several threads. */
final class IssuingAuthority {

    private static final Duration PROBE = Duration.ofMinutes(1);

    private final CertificateAuthority authority;
    private final TlsIdentity own;
    private final Duration validity;
    private final Clock clock;

    private IssuingAuthority(CertificateAuthority authority, TlsIdentity own, Duration validity, Clock clock) {
        this.authority = authority;
        this.own = own;
        this.validity = validity;
        this.clock = clock;
    }

    /**
     * Reads the authority, and tries whether what it issues is trusted by this very service.
     *
     * @throws ConfigurationException where a file is wrong, or the authority is not one of this service
     */
    static IssuingAuthority open(EnrolmentSettings settings, TlsIdentity own, Clock clock) {
        CertificateAuthority authority = CertificateAuthority.load(settings.authorityCertificate(), settings.authorityKey(), clock);
        IssuingAuthority issuing = new IssuingAuthority(authority, own, settings.validity(), clock);
        try {
            own.requireTrusted(issuing.chain(issuing.probe(List.of())), clock.instant());
        } catch (CertificateException | IllegalArgumentException e) {
            throw new ConfigurationException("pairspan.kms.enrolment.authority-certificate", settings.authorityCertificate().toString(),
                    "must issue certificates that this service trusts: " + e.getMessage(),
                    "name the authority in identity.authority, or one that it issued, with all certificates in between", e);
        }
        return issuing;
    }

    /**
     * A certificate, with what leads from it to the authority, DER.
     *
     * @throws IllegalArgumentException where the key is of the other family, or the authority is about to end
     * @throws CertificateException     where this service would not trust it: prefixes outside of the authority's
     */
    List<byte[]> issue(CertificateRequest request, List<IpPrefix> prefixes) throws CertificateException {
        Duration left = Duration.between(clock.instant(), authority.end());
        X509Certificate certificate = authority.issueMember(request.identity().id(), request.key(), prefixes,
                left.compareTo(validity) < 0 ? left : validity);
        List<X509Certificate> chain = chain(certificate);
        own.requireTrusted(chain, clock.instant());
        List<byte[]> encoded = new ArrayList<>(chain.size());
        for (X509Certificate one : chain) {
            encoded.add(encoded(one));
        }
        return encoded;
    }

    /** @throws IllegalArgumentException where this service would trust no certificate for these prefixes */
    void requireGrantable(List<IpPrefix> prefixes) {
        try {
            own.requireTrusted(chain(probe(prefixes)), clock.instant());
        } catch (CertificateException e) {
            throw new IllegalArgumentException("no certificate can be issued for " + prefixes + ": " + e.getMessage()
                    + ". Choose other prefixes, or give the key servers an authority that may grant these");
        }
    }

    private X509Certificate probe(List<IpPrefix> prefixes) {
        return authority.issueMember("probe", authority.keyKind(), prefixes, PROBE).certificate();
    }

    private List<X509Certificate> chain(X509Certificate certificate) {
        List<X509Certificate> chain = new ArrayList<>(List.of(certificate));
        chain.addAll(authority.intermediates());
        return chain;
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was just made has a form", e);
        }
    }
}
