package org.pairspan.runtime.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.pairspan.runtime.certificate.BouncyCastle;
import org.pairspan.runtime.certificate.KeyFiles;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.config.ConfigurationException;
import org.pairspan.runtime.config.Settings;
import org.pairspan.runtime.identity.Identity;

/** A program's own certificate chain and private key, and the authority it trusts: read once at the start, and checked before anything is opened. */
public final class TlsIdentity {
    private static final String CERTIFICATE = "certificate";
    private static final String PRIVATE_KEY = "private-key";
    private static final String AUTHORITY = "authority";

    private final Identity identity;
    private final KeyKind keyKind;
    private final List<X509Certificate> chain;
    private final PrivateKey privateKey;
    private final List<X509Certificate> authorities;

    private TlsIdentity(Identity identity, KeyKind keyKind, List<X509Certificate> chain, PrivateKey privateKey, List<X509Certificate> authorities) {
        this.identity = identity;
        this.keyKind = keyKind;
        this.chain = chain;
        this.privateKey = privateKey;
        this.authorities = authorities;
    }

    /**
     * Reads what a group of settings names as {@code certificate}, {@code private-key} and {@code authority}.
     *
     * @throws ConfigurationException as {@link #load(Path, Path, Path)}
     */
    public static TlsIdentity load(Settings tls) {
        return load(tls.fullName(""), tls.existingFile(CERTIFICATE), tls.existingFile(PRIVATE_KEY), tls.existingFile(AUTHORITY), Clock.systemUTC());
    }

    /**
     * @param certificate PEM; the own certificate first, then those that lead from it to the authority, if there are any
     * @param privateKey PEM, PKCS#8, not encrypted, readable by its owner only
     * @param authority PEM; the certificates that are trusted, and no others
     * @throws ConfigurationException when a file is missing or malformed, others can read the key, the key does not fit the certificate, the
     *     certificate is not valid now, does not come from the authority, or carries no identity
     */
    public static TlsIdentity load(Path certificate, Path privateKey, Path authority) {
        return load("", certificate, privateKey, authority, Clock.systemUTC());
    }

    static TlsIdentity load(String prefix, Path certificate, Path privateKey, Path authority, Clock clock) {
        List<X509Certificate> chain = KeyFiles.certificates(prefix + CERTIFICATE, certificate);
        List<X509Certificate> authorities = KeyFiles.certificates(prefix + AUTHORITY, authority);
        KeyKind kind = KeyFiles.kind(prefix + CERTIFICATE, certificate, chain.getFirst());
        PrivateKey key = KeyFiles.privateKey(prefix + PRIVATE_KEY, privateKey, chain.getFirst(), kind);
        try {
            ChainValidator.of(authorities).validate(chain, clock.instant());
            Identity identity = Identity.of(chain.getFirst());
            return new TlsIdentity(identity, kind, chain, key, authorities);
        } catch (CertificateException e) {
            throw new ConfigurationException(prefix + CERTIFICATE, certificate.toString(),
                "must be valid now, come from the authority in " + authority + " and carry an identity: " + e.getMessage(),
                "check the clock and the authority file, or issue the certificate again with 'pairspan pki'", e);
        }
    }

    /** Who this is. */
    public Identity identity() {
        return identity;
    }

    /** What kind of key it has, which decides the TLS suites. */
    public KeyKind keyKind() {
        return keyKind;
    }

    /** The own certificate. */
    public X509Certificate certificate() {
        return chain.getFirst();
    }

    /**
     * Whether the authority trusted here issued a chain.
     *
     * @param chain a member's or key server's certificate first
     * @throws CertificateException when it did not, or the chain is not valid at that time
     */
    public void requireTrusted(List<X509Certificate> chain, Instant instant) throws CertificateException {
        requireTrusted(authorities, chain, instant);
    }

    /** As {@link #requireTrusted(List, Instant)}, for those who have no identity yet. */
    public static void requireTrusted(List<X509Certificate> authorities, List<X509Certificate> chain, Instant instant) throws CertificateException {
        ChainValidator.of(authorities).validate(chain, instant);
    }

    /** A signature of the own key over some bytes, with the signature algorithm of its kind; any thread. */
    public byte[] sign(byte[] message) {
        try {
            Signature signature = Signature.getInstance(keyKind.signatureAlgorithm(), BouncyCastle.PROVIDER);
            signature.initSign(privateKey);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the key signed with " + keyKind.signatureAlgorithm() + " when it was read", e);
        }
    }

    List<X509Certificate> chain() {
        return chain;
    }

    PrivateKey privateKey() {
        return privateKey;
    }

    /** Who is trusted to have issued the certificates of others. */
    public List<X509Certificate> authorities() {
        return authorities;
    }

    @Override
    public String toString() {
        return identity + " (" + keyKind + ")";
    }
}
