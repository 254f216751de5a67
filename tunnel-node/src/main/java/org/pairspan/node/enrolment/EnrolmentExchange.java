package org.pairspan.node.enrolment;

import com.google.protobuf.ByteString;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.pairspan.protocol.keyservice.CertificateChain;
import org.pairspan.protocol.keyservice.EnrolmentAnswer;
import org.pairspan.protocol.keyservice.EnrolmentFrames;
import org.pairspan.protocol.keyservice.EnrolmentRequest;
import org.pairspan.protocol.keyservice.FrameCodec;
import org.pairspan.runtime.certificate.BouncyCastle;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.identity.Identity;
import org.pairspan.runtime.pki.CertificateRequest;
import org.pairspan.runtime.tls.TlsIdentity;

/**
 * What is asked for: a certificate for an identity and a key of ours. Any thread; asking blocks.
 *
 * @param kind        of the key
 * @param pair        the key; its public half is what the certificate is for
 * @param authorities who must have issued it
 */
public record EnrolmentExchange(Identity identity, KeyKind kind, KeyPair pair, List<X509Certificate> authorities) {
    private static final int MAX_CERTIFICATES = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /**
     * Asks, and checks what comes back.
     *
     * @param socket to a key server, its handshake done
     * @param token the token's secret; empty for a renewal
     * @return the certificate, then what leads from it to the authority
     * @throws RefusedException when the key server will not
     * @throws IOException when there is no answer, or not one to believe; it may be asked again with the same key
     */
    List<X509Certificate> ask(SSLSocket socket, byte[] token, Instant now) throws IOException, RefusedException {
        socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
        socket.getOutputStream().write(FrameCodec.encode(EnrolmentRequest.newBuilder().setToken(ByteString.copyFrom(token))
                .setCertificateRequest(ByteString.copyFrom(CertificateRequest.create(identity, kind, pair))).build()));
        socket.getOutputStream().flush();
        return read(socket.getInputStream(), now);
    }

    /**
     * Checks what comes back.
     *
     * @return the certificate, then what leads from it to the authority
     * @throws RefusedException when the key server will not
     * @throws IOException when there is no answer, or not one to believe
     */
    public List<X509Certificate> read(InputStream in, Instant now) throws IOException, RefusedException {
        EnrolmentAnswer answer = EnrolmentFrames.readAnswer(in);
        return switch (answer.getBodyCase()) {
            case CERTIFICATE -> checked(answer.getCertificate(), now);
            case REFUSAL -> {
                if (answer.getRefusal().getAskAgain()) {
                    throw new IOException("the key server cannot answer now; ask again");
                }
                throw new RefusedException();
            }
            case BODY_NOT_SET -> throw new IOException("the key server's answer says nothing that is known here");
        };
    }

    private List<X509Certificate> checked(CertificateChain answer, Instant now) throws IOException {
        if (answer.getCertificatesCount() < 1 || answer.getCertificatesCount() > MAX_CERTIFICATES) {
            throw new IOException("the key server sent " + answer.getCertificatesCount() + " certificates");
        }
        try {
            List<X509Certificate> chain = parse(answer.getCertificatesList());
            TlsIdentity.requireTrusted(authorities, chain, now);
            if (!Identity.of(chain.getFirst()).equals(identity) || !chain.getFirst().getPublicKey().equals(pair.getPublic())) {
                throw new IOException("the key server sent a certificate of somebody else, or for another key");
            }
            return chain;
        } catch (CertificateException e) {
            throw new IOException("the key server sent a certificate that cannot be trusted: " + e.getMessage(), e);
        }
    }

    private static List<X509Certificate> parse(List<ByteString> encoded) throws CertificateException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509", BouncyCastle.PROVIDER);
        List<X509Certificate> chain = new ArrayList<>();
        for (ByteString certificate : encoded) {
            // The factory takes nothing at all for the end of its input.
            if (!(factory.generateCertificate(new ByteArrayInputStream(certificate.toByteArray())) instanceof X509Certificate parsed)) {
                throw new CertificateException("there is nothing in it");
            }
            chain.add(parsed);
        }
        return chain;
    }

    @Override
    public String toString() {
        return "enrolment of " + identity;
    }
}
