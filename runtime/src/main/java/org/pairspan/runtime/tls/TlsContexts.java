package org.pairspan.runtime.tls;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.bouncycastle.jsse.BCSSLEngine;
import org.bouncycastle.jsse.BCSSLParameters;
import org.bouncycastle.jsse.BCSSLSocket;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.identity.Identity;
import org.pairspan.runtime.identity.Role;

/**
 * Makes TLS 1.3 engines and sockets for one own identity. SM2 certificates get RFC 8998 ({@code TLS_SM4_GCM_SM3}, {@code curveSM2},
 * {@code sm2sig_sm3}) and nothing else; ECDSA certificates get the international suites. Both ends show certificates, and a peer of another
 * role than the expected one fails the handshake. Safe for use by any thread.
 */
public final class TlsContexts {
    private static final Provider JSSE = new BouncyCastleJsseProvider(false, new RecordCrypto());
    private static final String[] PROTOCOLS = {"TLSv1.3"};

    private final TlsIdentity identity;
    private final Map<Role, SSLContext> contexts = new EnumMap<>(Role.class);

    private TlsContexts(TlsIdentity identity, Clock clock) {
        this.identity = identity;
        for (Role expected : Role.values()) {
            contexts.put(expected, context(new KeyManager[] {new OwnKeyManager(identity)}, new PeerTrustManager(identity, expected, clock)));
        }
    }

    /** Contexts for an identity; peers are judged by the clock of the system. */
    public static TlsContexts of(TlsIdentity identity) {
        return of(identity, Clock.systemUTC());
    }

    static TlsContexts of(TlsIdentity identity, Clock clock) {
        return new TlsContexts(identity, clock);
    }

    /** Who this end is. */
    public TlsIdentity identity() {
        return identity;
    }

    /** An engine for the end that connects. */
    public SSLEngine clientEngine(Role expectedPeer) {
        return engine(expectedPeer, true);
    }

    /** An engine for the end that is connected to; it demands a certificate. */
    public SSLEngine serverEngine(Role expectedPeer) {
        return engine(expectedPeer, false);
    }

    /**
     * Connects and completes the handshake.
     *
     * @param timeout for the connection, and again for each read of the handshake; afterwards reads wait without limit
     * @throws IOException when there is nobody, or not one to talk to; nothing stays open
     */
    public SSLSocket connect(InetSocketAddress address, Role expectedPeer, Duration timeout) throws IOException {
        int milliseconds = Math.toIntExact(timeout.toMillis());
        return connect(contexts.get(expectedPeer), parameters(identity.keyKind()), address, milliseconds);
    }

    /**
     * Connects as {@link #connect}, but shows no certificate: for those that have none yet.
     *
     * @param authorities one of them issued the key server's certificate
     */
    public static SSLSocket connectAsStranger(List<X509Certificate> authorities, InetSocketAddress address, Duration timeout)
            throws IOException {
        KeyKind kind = KeyKind.of(authorities.getFirst().getPublicKey())
            .orElseThrow(() -> new IOException("the authority's key is of a kind that is not used here"));
        SSLContext context = context(new KeyManager[0], new PeerTrustManager(kind, authorities, Role.KMS, Clock.systemUTC()));
        return connect(context, parameters(kind), address, Math.toIntExact(timeout.toMillis()));
    }

    private static SSLSocket connect(SSLContext context, BCSSLParameters parameters, InetSocketAddress address, int milliseconds)
            throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket();
        try {
            socket.connect(address, milliseconds);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(milliseconds);
            ((BCSSLSocket) socket).setParameters(parameters);
            socket.startHandshake();
            socket.setSoTimeout(0);
            return socket;
        } catch (IOException | RuntimeException e) {
            try (socket) {
                throw e;
            }
        }
    }

    /**
     * The end that is connected to, over a connection that was accepted. The handshake happens with {@link SSLSocket#startHandshake()} or the
     * first read or write; closing it closes {@code accepted}.
     */
    public SSLSocket serverSocket(Socket accepted, Role expectedPeer) throws IOException {
        return serverSocket(accepted, contexts.get(expectedPeer), parameters(identity.keyKind()));
    }

    /** As {@link #serverSocket}, for members and for strangers: a certificate is asked for, and may be missing, but not wrong. */
    public SSLSocket serverSocketForStrangers(Socket accepted) throws IOException {
        BCSSLParameters parameters = parameters(identity.keyKind());
        parameters.setWantClientAuth(true);
        return serverSocket(accepted, contexts.get(Role.MEMBER), parameters);
    }

    private static SSLSocket serverSocket(Socket accepted, SSLContext context, BCSSLParameters parameters) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(accepted, null, true);
        socket.setUseClientMode(false);
        ((BCSSLSocket) socket).setParameters(parameters);
        return socket;
    }

    /**
     * Who is at the other end of a connection whose handshake is done.
     *
     * @throws SSLPeerUnverifiedException when the handshake is not done
     */
    public static Identity peerIdentity(SSLSession session) throws SSLPeerUnverifiedException {
        try {
            return Identity.of(peerCertificate(session));
        } catch (CertificateException e) {
            throw new IllegalStateException("the handshake accepted a certificate without identity", e);
        }
    }

    /**
     * The peer's certificate, of a connection whose handshake is done.
     *
     * @throws SSLPeerUnverifiedException when the handshake is not done
     */
    public static X509Certificate peerCertificate(SSLSession session) throws SSLPeerUnverifiedException {
        return (X509Certificate) session.getPeerCertificates()[0];
    }

    private SSLEngine engine(Role expectedPeer, boolean client) {
        SSLEngine engine = contexts.get(expectedPeer).createSSLEngine();
        engine.setUseClientMode(client);
        ((BCSSLEngine) engine).setParameters(parameters(identity.keyKind()));
        return engine;
    }

    private static BCSSLParameters parameters(KeyKind kind) {
        BCSSLParameters parameters = new BCSSLParameters(kind.cipherSuites().toArray(String[]::new), PROTOCOLS);
        parameters.setNamedGroups(kind.namedGroups().toArray(String[]::new));
        parameters.setSignatureSchemes(Arrays.stream(KeyKind.values()).filter(kind::speaksWith)
            .map(KeyKind::signatureScheme).toArray(String[]::new));
        parameters.setNeedClientAuth(true);
        return parameters;
    }

    private static SSLContext context(KeyManager[] keys, PeerTrustManager trust) {
        try {
            SSLContext context = SSLContext.getInstance("TLSv1.3", JSSE);
            context.init(keys, new TrustManager[] {trust}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Bouncy Castle's JSSE offers TLS 1.3", e);
        }
    }
}
