package org.pairspan.runtime.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.runtime.certificate.BouncyCastle;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.identity.GrantedPrefixes;
import org.pairspan.runtime.identity.Identity;
import org.pairspan.runtime.identity.Role;

/**
 * Makes the certificates that {@link Identity} and the TLS links ask for. SM2 signatures in certificates are SM3withSM2 under the default user
 * id of GB/T 32918. Not valid earlier than five minutes before they are made, for clocks that differ. Safe for use by any thread.
 */
public final class CertificateAuthority {
    private static final Duration CLOCK_DIFFERENCE = Duration.ofMinutes(5);
    private static final int SERIAL_BITS = 127;

    private final X509Certificate certificate;
    private final List<X509Certificate> intermediates;
    private final PrivateKey privateKey;
    private final KeyKind keyKind;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    private CertificateAuthority(List<X509Certificate> chain, PrivateKey privateKey, KeyKind keyKind, Clock clock) {
        this.certificate = chain.getFirst();
        this.intermediates = chain.stream().filter(one -> !one.getSubjectX500Principal().equals(one.getIssuerX500Principal())).toList();
        this.privateKey = privateKey;
        this.keyKind = keyKind;
        this.clock = clock;
    }

    /**
     * A new authority with a new key.
     *
     * @param name common name of its certificate
     */
    public static CertificateAuthority create(String name, KeyKind kind, Duration validity, Clock clock) {
        return create(name, kind, validity, 0, clock);
    }

    /**
     * A new authority that may have others below it.
     *
     * @param pathLength how many authorities may stand between it and an identity (RFC 5280 section 4.2.1.9)
     */
    public static CertificateAuthority create(String name, KeyKind kind, Duration validity, int pathLength, Clock clock) {
        SecureRandom random = new SecureRandom();
        KeyPair pair = kind.generate(random);
        X500Name subject = commonName(name);
        X509v3CertificateBuilder builder = builder(subject, subject, pair.getPublic(), clock.instant(), validity, random);
        try {
            addAuthorityExtensions(builder, pathLength, pair.getPublic());
            return new CertificateAuthority(List.of(sign(builder, kind, pair.getPrivate())), pair.getPrivate(), kind, clock);
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("the extensions of an authority's certificate are well formed", e);
        }
    }

    /**
     * An authority made earlier.
     *
     * @throws org.pairspan.runtime.config.ConfigurationException when a file is missing or malformed, others can read the key, the two do not
     *     belong together, or the certificate is not a valid authority's
     */
    public static CertificateAuthority load(Path certificateFile, Path keyFile, Clock clock) {
        AuthorityFiles files = AuthorityFiles.read(certificateFile, keyFile, clock.instant());
        return new CertificateAuthority(files.chain(), files.privateKey(), files.keyKind(), clock);
    }

    /** The authority's own certificate with its key, to be written once. */
    public IssuedCertificate own() {
        return new IssuedCertificate(certificate, privateKey);
    }

    /** What leads from a certificate issued here to the authority that everybody trusts, without that one; mostly empty. */
    public List<X509Certificate> intermediates() {
        return intermediates;
    }

    /** When the authority's certificate ends. */
    public Instant end() {
        return certificate.getNotAfter().toInstant();
    }

    /**
     * An authority below this one, which issues members' certificates and nothing else: its certificate is good for clients only, and whoever
     * checks a chain holds it to that.
     *
     * @param name     common name of its certificate
     * @param prefixes what the members it issues may register at most; empty for no such limit
     * @throws IllegalArgumentException as {@link #issueMember}
     * @throws IllegalStateException when this authority may have none below it
     */
    public CertificateAuthority issueMemberAuthority(String name, KeyKind kind, Collection<IpPrefix> prefixes, Duration validity) {
        if (certificate.getBasicConstraints() < 1) {
            throw new IllegalStateException("this authority may have none below it; make one that may, 'pairspan pki ca --path-length 1'");
        }
        requireSameFamily(kind);
        KeyPair pair = kind.generate(random);
        X509v3CertificateBuilder builder = builder(issuer(), commonName(name), pair.getPublic(), startOf(validity), validity, random);
        try {
            addAuthorityExtensions(builder, 0, pair.getPublic());
            builder.addExtension(Extension.authorityKeyIdentifier, false,
                new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate.getPublicKey()));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth));
            addPrefixes(builder, prefixes);
            List<X509Certificate> chain = new ArrayList<>(List.of(sign(builder, keyKind, privateKey)));
            chain.addAll(intermediates);
            return new CertificateAuthority(chain, pair.getPrivate(), kind, clock);
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("the extensions of an authority's certificate are well formed", e);
        }
    }

    /** The kind of the authority's key; what it issues is of the same family. */
    public KeyKind keyKind() {
        return keyKind;
    }

    /**
     * @param prefixes what the member may register; empty for a member that only asks
     * @throws IllegalArgumentException when the id has no valid form, the key is of the other family, or the validity outlives the authority
     */
    public IssuedCertificate issueMember(String id, KeyKind kind, Collection<IpPrefix> prefixes, Duration validity) {
        return issue(new Identity(Role.MEMBER, id), kind, List.of(), prefixes, validity, KeyPurposeId.id_kp_clientAuth);
    }

    /**
     * A key server's certificate, good for both ends: it serves members, and connects to other key servers.
     *
     * @throws IllegalArgumentException as {@link #issueMember}
     */
    public IssuedCertificate issueKms(String id, KeyKind kind, Duration validity) {
        return issueKms(id, kind, List.of(), validity);
    }

    /**
     * A key server's certificate that names its hosts, too, for clients that compare the host name (ETSI GS QKD 014).
     *
     * @param hosts DNS names and IP addresses in text
     * @throws IllegalArgumentException as {@link #issueMember}
     */
    public IssuedCertificate issueKms(String id, KeyKind kind, List<String> hosts, Duration validity) {
        return issue(new Identity(Role.KMS, id), kind, hosts.stream().map(HostName::of).toList(), Set.of(), validity,
            KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth);
    }

    /**
     * A member's certificate for a key of its own, which never was here.
     *
     * @param key whose possession the member has proved
     * @throws IllegalArgumentException as {@link #issueMember}
     */
    public X509Certificate issueMember(String id, PublicKey key, Collection<IpPrefix> prefixes, Duration validity) {
        KeyKind kind = KeyKind.of(key).orElseThrow(() -> new IllegalArgumentException("a key of a kind that is not used here"));
        requireSameFamily(kind);
        return issue(new Identity(Role.MEMBER, id), key, List.of(), prefixes, validity, KeyPurposeId.id_kp_clientAuth);
    }

    private IssuedCertificate issue(Identity identity, KeyKind kind, List<GeneralName> hosts, Collection<IpPrefix> prefixes, Duration validity,
            KeyPurposeId... purposes) {
        requireSameFamily(kind);
        KeyPair pair = kind.generate(random);
        return new IssuedCertificate(issue(identity, pair.getPublic(), hosts, prefixes, validity, purposes), pair.getPrivate());
    }

    private void requireSameFamily(KeyKind kind) {
        if (!kind.speaksWith(keyKind)) {
            throw new IllegalArgumentException("an authority with a key of kind " + keyKind + " does not issue certificates of kind " + kind);
        }
    }

    private Instant startOf(Duration validity) {
        Instant now = clock.instant();
        if (now.plus(validity).isAfter(end())) {
            throw new IllegalArgumentException("the authority's own certificate ends on " + end() + ", before the one asked for would");
        }
        return now;
    }

    private X500Name issuer() {
        return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    }

    private X509Certificate issue(Identity identity, PublicKey key, List<GeneralName> hosts, Collection<IpPrefix> prefixes, Duration validity,
            KeyPurposeId... purposes) {
        X509v3CertificateBuilder builder = builder(issuer(), commonName(identity.id()), key, startOf(validity), validity, random);
        try {
            JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
            builder.addExtension(Extension.subjectAlternativeName, false,
                new GeneralNames(Stream.concat(Stream.of(new GeneralName(GeneralName.uniformResourceIdentifier, identity.urn())), hosts.stream())
                    .toArray(GeneralName[]::new)));
            builder.addExtension(Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(key));
            builder.addExtension(Extension.authorityKeyIdentifier, false, extensions.createAuthorityKeyIdentifier(certificate.getPublicKey()));
            addPrefixes(builder, prefixes);
            return sign(builder, keyKind, privateKey);
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("the extensions of a certificate for " + identity + " are well formed", e);
        }
    }

    private static void addAuthorityExtensions(X509v3CertificateBuilder builder, int pathLength, PublicKey key)
            throws IOException, NoSuchAlgorithmException {
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(pathLength));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        builder.addExtension(Extension.subjectKeyIdentifier, false, new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key));
    }

    private static void addPrefixes(X509v3CertificateBuilder builder, Collection<IpPrefix> prefixes) throws IOException {
        if (!prefixes.isEmpty()) {
            builder.addExtension(new ASN1ObjectIdentifier(GrantedPrefixes.OID), true,
                ASN1Primitive.fromByteArray(GrantedPrefixes.encode(prefixes)));
        }
    }

    private static X509v3CertificateBuilder builder(X500Name issuer, X500Name subject, PublicKey key, Instant now, Duration validity,
            SecureRandom random) {
        BigInteger serial = new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1);
        return new JcaX509v3CertificateBuilder(issuer, serial, Date.from(now.minus(CLOCK_DIFFERENCE)), Date.from(now.plus(validity)), subject, key);
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, KeyKind kind, PrivateKey key) {
        try {
            return new JcaX509CertificateConverter().setProvider(BouncyCastle.PROVIDER).getCertificate(
                builder.build(new JcaContentSignerBuilder(kind.signatureAlgorithm()).setProvider(BouncyCastle.PROVIDER).build(key)));
        } catch (OperatorCreationException | CertificateException e) {
            throw new IllegalStateException("Bouncy Castle signs certificates with " + kind.signatureAlgorithm(), e);
        }
    }

    private static X500Name commonName(String name) {
        return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, name).build();
    }
}
