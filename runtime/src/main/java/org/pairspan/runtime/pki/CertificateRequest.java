package org.pairspan.runtime.pki;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.Arrays;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.pairspan.runtime.certificate.BouncyCastle;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.identity.Identity;

/**
 * A request for a certificate, PKCS #10 (RFC 2986): a public key, the identity it shall speak for as a URI in the subject alternative name
 * it asks for, and a signature that proves possession of the private key. Nothing else may be asked for.
 *
 * @param identity who asks; whether it may is for the authority to say
 * @param key      its public key
 * @param kind     the key's kind
 */
public record CertificateRequest(Identity identity, PublicKey key, KeyKind kind) {
    /** Longest request, bytes of DER. */
    public static final int MAX_LENGTH = 4096;

    /** A request as DER, signed with the key that it is for. */
    public static byte[] create(Identity identity, KeyKind kind, KeyPair pair) {
        try {
            Extensions extensions = new Extensions(new Extension(Extension.subjectAlternativeName, false, names(identity).getEncoded()));
            return new JcaPKCS10CertificationRequestBuilder(new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, identity.id()).build(),
                pair.getPublic()).addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions)
                .build(new JcaContentSignerBuilder(kind.signatureAlgorithm()).setProvider(BouncyCastle.PROVIDER).build(pair.getPrivate()))
                .getEncoded();
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException("a request for " + identity + " can be signed with " + kind.signatureAlgorithm(), e);
        }
    }

    /**
     * Reads a request and checks its signature.
     *
     * @throws IllegalArgumentException when it is malformed, asks for more than an identity, its key is of no kind used here, or its signature
     *     is not that of the key
     */
    public static CertificateRequest read(byte[] der) {
        if (der.length > MAX_LENGTH) {
            throw new IllegalArgumentException("a certificate request has at most " + MAX_LENGTH + " bytes");
        }
        try {
            JcaPKCS10CertificationRequest request = new JcaPKCS10CertificationRequest(der).setProvider(BouncyCastle.PROVIDER);
            if (!Arrays.equals(request.getEncoded(), der)) {
                throw new IllegalArgumentException("a certificate request that is not DER, or goes on after its end");
            }
            PublicKey key = request.getPublicKey();
            KeyKind kind = KeyKind.of(key).orElseThrow(() -> new IllegalArgumentException("a key of a kind that is not used here"));
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().setProvider(BouncyCastle.PROVIDER).build(key))) {
                throw new IllegalArgumentException("the signature is not that of the key");
            }
            return new CertificateRequest(identity(request.getRequestedExtensions()), key, kind);
        } catch (IOException | GeneralSecurityException | OperatorCreationException | PKCSException | RuntimeException e) {
            // Bouncy Castle's readers answer damaged ASN.1 with runtime exceptions of many kinds.
            throw new IllegalArgumentException("not a certificate request: " + e.getMessage(), e);
        }
    }

    private static Identity identity(Extensions asked) {
        if (asked == null || asked.getExtensionOIDs().length != 1 || asked.getExtension(Extension.subjectAlternativeName) == null) {
            throw new IllegalArgumentException("a request asks for one thing, an identity");
        }
        GeneralName[] names = GeneralNames.fromExtensions(asked, Extension.subjectAlternativeName).getNames();
        if (names.length != 1 || names[0].getTagNo() != GeneralName.uniformResourceIdentifier) {
            throw new IllegalArgumentException("a request names one identity");
        }
        return Identity.ofUrn(names[0].getName().toString());
    }

    private static GeneralNames names(Identity identity) {
        return new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, identity.urn()));
    }
}
