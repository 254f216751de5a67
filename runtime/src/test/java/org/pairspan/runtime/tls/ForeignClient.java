package org.pairspan.runtime.tls;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Vector;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.io.SignerOutputStream;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ParametersWithID;
import org.bouncycastle.crypto.signers.SM2Signer;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateEntry;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.SignatureScheme;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsStreamSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/** A client on Bouncy Castle's low-level API, which speaks TLS_SM4_GCM_SM3 and shows what it is told to show, right or wrong. */
final class ForeignClient extends DefaultTlsClient {
    /** The user id that RFC 8998 section 3.2.1 asks for in a TLS signature. */
    static final byte[] TLS_ID = "TLSv1.3+GM+Cipher+Suite".getBytes(StandardCharsets.US_ASCII);
    /** The user id of certificates, wrong in a TLS signature. */
    static final byte[] DEFAULT_ID = "1234567812345678".getBytes(StandardCharsets.US_ASCII);

    private final List<X509Certificate> chain;
    private final PrivateKey key;
    private final byte[] userId;

    ForeignClient(List<X509Certificate> chain, PrivateKey key, byte[] userId) {
        super(new BcTlsCrypto(new SecureRandom()));
        this.chain = chain;
        this.key = key;
        this.userId = userId;
    }

    /** Shakes hands with a server engine; throws what the server throws. */
    void handshake(SSLEngine server) throws IOException {
        TlsClientProtocol protocol = new TlsClientProtocol();
        protocol.connect(this);
        server.beginHandshake();
        ByteBuffer plain = ByteBuffer.allocate(1 << 16);
        ByteBuffer toServer = ByteBuffer.allocate(1 << 16);
        for (int round = 0; round < 50; round++) {
            byte[] sent = new byte[protocol.getAvailableOutputBytes()];
            protocol.readOutput(sent, 0, sent.length);
            toServer.put(sent).flip();
            boolean more = true;
            while (more) {
                more = step(server, toServer, plain, protocol);
            }
            toServer.compact();
            if (server.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING) {
                return;
            }
        }
        throw new SSLException("no end of the handshake");
    }

    private static boolean step(SSLEngine server, ByteBuffer toServer, ByteBuffer plain, TlsClientProtocol protocol) throws IOException {
        switch (server.getHandshakeStatus()) {
            case NEED_TASK -> server.getDelegatedTask().run();
            case NEED_WRAP -> {
                ByteBuffer out = ByteBuffer.allocate(1 << 16);
                server.wrap(ByteBuffer.allocate(0), out);
                byte[] bytes = new byte[out.flip().remaining()];
                out.get(bytes);
                protocol.offerInput(bytes);
            }
            default -> {
                return toServer.hasRemaining() && server.unwrap(toServer, plain).bytesConsumed() > 0;
            }
        }
        return true;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return ProtocolVersion.TLSv13.only();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
        return new int[] {CipherSuite.TLS_SM4_GCM_SM3};
    }

    @Override
    protected Vector<Integer> getSupportedGroups(@SuppressWarnings("rawtypes") Vector namedGroupRoles) {
        return new Vector<>(List.of(NamedGroup.curveSM2));
    }

    @Override
    public Vector<Integer> getEarlyKeyShareGroups() {
        return new Vector<>(List.of(NamedGroup.curveSM2));
    }

    @Override
    protected Vector<SignatureAndHashAlgorithm> getSupportedSignatureAlgorithms() {
        return new Vector<>(List.of(scheme()));
    }

    @Override
    public TlsAuthentication getAuthentication() {
        return new TlsAuthentication() {
            @Override
            public void notifyServerCertificate(TlsServerCertificate serverCertificate) {
                // This client trusts everybody.
            }

            @Override
            public TlsCredentials getClientCredentials(CertificateRequest request) throws IOException {
                return chain.isEmpty() ? null : new Credentials(request.getCertificateRequestContext());
            }
        };
    }

    private static SignatureAndHashAlgorithm scheme() {
        return SignatureScheme.getSignatureAndHashAlgorithm(SignatureScheme.sm2sig_sm3);
    }

    private final class Credentials implements TlsCredentialedSigner {
        private final Certificate certificate;

        Credentials(byte[] requestContext) throws IOException {
            CertificateEntry[] entries = new CertificateEntry[chain.size()];
            for (int i = 0; i < entries.length; i++) {
                entries[i] = new CertificateEntry(parse(chain.get(i)), null);
            }
            certificate = new Certificate(requestContext, entries);
        }

        private TlsCertificate parse(X509Certificate from) throws IOException {
            try {
                return getCrypto().createCertificate(from.getEncoded());
            } catch (CertificateEncodingException e) {
                throw new IOException(e);
            }
        }

        @Override
        public Certificate getCertificate() {
            return certificate;
        }

        @Override
        public byte[] generateRawSignature(byte[] hash) {
            throw new IllegalStateException("SM2 signs the message itself");
        }

        @Override
        public SignatureAndHashAlgorithm getSignatureAndHashAlgorithm() {
            return scheme();
        }

        @Override
        public TlsStreamSigner getStreamSigner() throws IOException {
            AsymmetricKeyParameter parameters = PrivateKeyFactory.createKey(key.getEncoded());
            SM2Signer signer = new SM2Signer();
            signer.init(true, new ParametersWithID(parameters, userId));
            return new TlsStreamSigner() {
                @Override
                public OutputStream getOutputStream() {
                    return new SignerOutputStream(signer);
                }

                @Override
                public byte[] getSignature() throws IOException {
                    try {
                        return signer.generateSignature();
                    } catch (CryptoException e) {
                        throw new IOException(e);
                    }
                }
            };
        }
    }
}
