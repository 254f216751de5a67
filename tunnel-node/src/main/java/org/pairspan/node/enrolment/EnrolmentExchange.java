package org.pairspan.node.enrolment;

import com.google.protobuf.ByteString;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
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
import org.pairspan.protocol.keyservice.EnrolmentRequest;
import org.pairspan.protocol.keyservice.FrameCodec;
import org.pairspan.runtime.certificate.BouncyCastle;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.identity.Identity;
import org.pairspan.runtime.pki.CertificateRequest;
import org.pairspan.runtime.tls.TlsIdentity;

/**
 * What is asked for: a certificate for an identity and a key of ours.
 *
 * @param authorities who must have issued it
 */
record EnrolmentExchange(Identity identity, KeyKind kind, KeyPair pair, List<X509Certificate> authorities) {
    private static final int MAX_ANSWER = 65_536;
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
        EnrolmentAnswer answer = read(socket);
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

    private static EnrolmentAnswer read(SSLSocket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        int length = in.readInt();
        if (length < 1 || length > MAX_ANSWER) {
            throw new IOException("the key server announces " + Integer.toUnsignedString(length) + " bytes; 1 to " + MAX_ANSWER + " are allowed");
        }
        return EnrolmentAnswer.parseFrom(in.readNBytes(length));
    }

    private List<X509Certificate> checked(CertificateChain answer, Instant now) throws IOException {
        if (answer.getCertificatesCount() < 1 || answer.getCertificatesCount() > MAX_CERTIFICATES) {
            throw new IOException("the key server sent " + answer.getCertificatesCount() + " certificates");
        }
        try {
            List<X509Certificate> chain = new ArrayList<>();
            CertificateFactory factory = CertificateFactory.getInstance("X.509", BouncyCastle.PROVIDER);
            for (ByteString certificate : answer.getCertificatesList()) {
                chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(certificate.toByteArray())));
            }
            TlsIdentity.requireTrusted(authorities, chain, now);
            if (!Identity.of(chain.getFirst()).equals(identity) || !chain.getFirst().getPublicKey().equals(pair.getPublic())) {
                throw new IOException("the key server sent a certificate of somebody else, or for another key");
            }
            return chain;
        } catch (CertificateException e) {
            throw new IOException("the key server sent a certificate that cannot be trusted: " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return "enrolment of " + identity;
    }
}
