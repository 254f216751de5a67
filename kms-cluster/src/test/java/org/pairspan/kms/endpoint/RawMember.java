package org.pairspan.kms.endpoint;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Vector;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateEntry;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.SignatureScheme;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.pairspan.runtime.certificate.PemFiles;

/** A client with a P-256 certificate, or without, over a plain socket, that says in TLS 1.3 what no honest one says. Trusts everybody. */
public final class RawMember extends TlsClientProtocol implements AutoCloseable {

    private static final SignatureAndHashAlgorithm SCHEME =
            SignatureScheme.getSignatureAndHashAlgorithm(SignatureScheme.ecdsa_secp256r1_sha256);

    private final Socket socket;

    /** Connects, and says nothing yet. */
    RawMember(InetSocketAddress address, Duration patience) throws IOException {
        this(address, patience, 0);
    }

    /** As the other, with a receive buffer of so many bytes; 0: of as many as the kernel likes. */
    public RawMember(InetSocketAddress address, Duration patience, int receiveBuffer) throws IOException {
        socket = new Socket();
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.connect(address);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) patience.toMillis());
    }

    public Socket socket() {
        return socket;
    }

    /** Shakes hands with certificate and key of these files, or none; where the server refuses, fails at the next read. */
    public void handshake(Path certificate, Path key) throws IOException {
        connect(new Client(certificate == null ? List.of() : PemFiles.readCertificates(certificate), key));
        while (isHandshaking()) {
            send();
            listen();
        }
        send();
    }

    /** Sends what was said. */
    public void send() throws IOException {
        socket.getOutputStream().write(said());
    }

    /** What was said and not sent. */
    byte[] said() {
        byte[] bytes = new byte[getAvailableOutputBytes()];
        readOutput(bytes, 0, bytes.length);
        return bytes;
    }

    /** Hears the next bytes that come; throws where there are none. */
    void listen() throws IOException {
        byte[] bytes = new byte[32_768];
        int count = socket.getInputStream().read(bytes);
        if (count < 0) {
            throw new IOException("the end");
        }
        offerInput(bytes, 0, count);
    }

    public void say(byte[] plain) throws IOException {
        writeApplicationData(plain, 0, plain.length);
    }

    byte[] hear(int length) throws IOException {
        while (getAvailableInputBytes() < length) {
            listen();
        }
        byte[] plain = new byte[length];
        readInput(plain, 0, length);
        return plain;
    }

    /** Says an update of this end's keys. */
    void update(boolean peerToo) throws IOException {
        send13KeyUpdate(peerToo);
    }

    /** Says a record of any type. */
    public void record(short type, byte... plain) throws IOException {
        safeWriteRecord(type, plain, 0, plain.length);
    }

    /** Hangs up without a farewell. */
    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static final class Client extends DefaultTlsClient {

        private final List<X509Certificate> chain;
        private final Path key;

        Client(List<X509Certificate> chain, Path key) {
            super(new BcTlsCrypto(new SecureRandom()));
            this.chain = chain;
            this.key = key;
        }

        @Override
        protected ProtocolVersion[] getSupportedVersions() {
            return ProtocolVersion.TLSv13.only();
        }

        @Override
        protected Vector<SignatureAndHashAlgorithm> getSupportedSignatureAlgorithms() {
            return new Vector<>(List.of(SCHEME));
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
                    return chain.isEmpty() ? null : credentials(request);
                }
            };
        }

        private TlsCredentials credentials(CertificateRequest request) throws IOException {
            CertificateEntry[] entries = new CertificateEntry[chain.size()];
            for (int i = 0; i < entries.length; i++) {
                entries[i] = new CertificateEntry(parse(chain.get(i)), null);
            }
            return new BcDefaultTlsCredentialedSigner(new TlsCryptoParameters(context), (BcTlsCrypto) getCrypto(),
                    PrivateKeyFactory.createKey(PemFiles.readPrivateKey(key).getEncoded()),
                    new Certificate(request.getCertificateRequestContext(), entries), SCHEME);
        }

        private TlsCertificate parse(X509Certificate from) throws IOException {
            try {
                return getCrypto().createCertificate(from.getEncoded());
            } catch (CertificateEncodingException e) {
                throw new IOException(e);
            }
        }
    }
}
