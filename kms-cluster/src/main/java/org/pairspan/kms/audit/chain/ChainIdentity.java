package org.pairspan.kms.audit.chain;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;
import java.util.function.UnaryOperator;
import org.pairspan.runtime.tls.TlsIdentity;

/**
 * Whose chain it is.
 *
 * @param server      the key server's name
 * @param certificate its certificate, Base64 of the DER form
 * @param hash        hash of new records
 * @param signer      signs with the certificate's key
 */
record ChainIdentity(String server, String certificate, ChainHash hash, UnaryOperator<byte[]> signer) {

    static ChainIdentity of(TlsIdentity identity) {
        try {
            return new ChainIdentity(identity.identity().id(), Base64.getEncoder().encodeToString(identity.certificate().getEncoded()),
                    ChainHash.of(identity.keyKind()), identity::sign);
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read from a file has a form", e);
        }
    }

    /** The fields of a record that begins a run or a file. */
    void writeOpening(JsonGenerator generator, String chain) throws IOException {
        generator.writeStringField(LogLine.SERVER, server);
        generator.writeStringField(LogLine.CHAIN, chain);
        generator.writeStringField(LogLine.HASH_ALGORITHM, hash.word());
        generator.writeStringField(LogLine.CERTIFICATE, certificate);
    }

    String sign(byte[] bytes) {
        return Base64.getEncoder().encodeToString(signer.apply(bytes));
    }
}
