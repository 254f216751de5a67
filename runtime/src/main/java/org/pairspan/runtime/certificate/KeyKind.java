package org.pairspan.runtime.certificate;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.jce.ECNamedCurveTable;
import org.bouncycastle.jce.interfaces.ECPrivateKey;
import org.bouncycastle.jce.spec.ECNamedCurveParameterSpec;
import org.bouncycastle.jce.spec.ECPublicKeySpec;
import org.bouncycastle.tls.NamedGroup;

/**
 * The keys a certificate may have, and what follows from them in TLS 1.3. SM2 certificates speak RFC 8998 and nothing else; the others speak
 * the international suites with a hybrid post-quantum key exchange first. The two never mix on one connection.
 */
public enum KeyKind {
    /** SM2 on the curve of GB/T 32918.5, with SM3. */
    SM2("sm2", NamedGroup.curveSM2, "sm2p256v1", "1.2.156.10197.1.301", "SM3withSM2", "sm2sig_sm3", List.of("TLS_SM4_GCM_SM3"), List.of("curveSM2")),
    /** ECDSA on P-256 (FIPS 186-5), with SHA-256. */
    ECDSA_P256("ecdsa-p256", NamedGroup.secp256r1, "secp256r1", "1.2.840.10045.3.1.7", "SHA256withECDSA", "ecdsa_secp256r1_sha256",
        International.SUITES, International.GROUPS),
    /** ECDSA on P-384 (FIPS 186-5), with SHA-384. */
    ECDSA_P384("ecdsa-p384", NamedGroup.secp384r1, "secp384r1", "1.3.132.0.34", "SHA384withECDSA", "ecdsa_secp384r1_sha384",
        International.SUITES, International.GROUPS);

    private final String word;
    private final int tlsGroup;
    private final String curve;
    private final String curveOid;
    private final String signatureAlgorithm;
    private final String signatureScheme;
    private final List<String> cipherSuites;
    private final List<String> namedGroups;

    KeyKind(String word, int tlsGroup, String curve, String curveOid, String signatureAlgorithm, String signatureScheme,
            List<String> cipherSuites, List<String> namedGroups) {
        this.word = word;
        this.tlsGroup = tlsGroup;
        this.curve = curve;
        this.curveOid = curveOid;
        this.signatureAlgorithm = signatureAlgorithm;
        this.signatureScheme = signatureScheme;
        this.cipherSuites = cipherSuites;
        this.namedGroups = namedGroups;
    }

    /** The kind of a public key; empty when it is none of these, such as RSA. */
    public static Optional<KeyKind> of(PublicKey key) {
        byte[] encoded = key.getEncoded();
        if (encoded == null) {
            return Optional.empty();
        }
        String parameters = String.valueOf(SubjectPublicKeyInfo.getInstance(encoded).getAlgorithm().getParameters());
        return Arrays.stream(values()).filter(kind -> kind.curveOid.equals(parameters)).findFirst();
    }

    /** A new key pair. */
    public KeyPair generate(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", BouncyCastle.PROVIDER);
            generator.initialize(new ECGenParameterSpec(curve), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Bouncy Castle knows the curve " + curve, e);
        }
    }

    /**
     * The public key that belongs to a private one.
     *
     * @throws GeneralSecurityException when the private key is not of this kind
     */
    public PublicKey publicKeyOf(PrivateKey key) throws GeneralSecurityException {
        ECNamedCurveParameterSpec own = ECNamedCurveTable.getParameterSpec(curve);
        if (!(key instanceof ECPrivateKey ec) || !ec.getParameters().getCurve().equals(own.getCurve())) {
            throw new InvalidKeyException("not a private key of kind " + word);
        }
        return KeyFactory.getInstance("EC", BouncyCastle.PROVIDER)
            .generatePublic(new ECPublicKeySpec(own.getG().multiply(ec.getD()).normalize(), own));
    }

    /** Whether both belong to the same family, Chinese or international: only then can they meet on one connection. */
    public boolean speaksWith(KeyKind other) {
        return (this == SM2) == (other == SM2);
    }

    /** Its word in command lines: {@code sm2}, {@code ecdsa-p256}, {@code ecdsa-p384}. */
    public String word() {
        return word;
    }

    /** Name of the signature algorithm in JCA. SM2 in certificates signs with the default user id of GB/T 32918. */
    public String signatureAlgorithm() {
        return signatureAlgorithm;
    }

    /** Name of the TLS 1.3 signature scheme. */
    public String signatureScheme() {
        return signatureScheme;
    }

    /** Name of the key's curve as TLS calls it. */
    public String curveInTls() {
        return NamedGroup.getStandardName(tlsGroup);
    }

    /** TLS 1.3 suites, the preferred one first. */
    public List<String> cipherSuites() {
        return cipherSuites;
    }

    /** TLS 1.3 groups, the preferred one first. */
    public List<String> namedGroups() {
        return namedGroups;
    }

    @Override
    public String toString() {
        return word;
    }

    private static final class International {
        static final List<String> SUITES = List.of("TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");
        static final List<String> GROUPS = List.of("X25519MLKEM768", "x25519", "secp256r1", "secp384r1");
    }
}
