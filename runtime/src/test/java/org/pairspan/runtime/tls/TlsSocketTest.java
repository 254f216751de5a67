package org.pairspan.runtime.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.identity.Identity;
import org.pairspan.runtime.identity.Role;

class TlsSocketTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(names = {"SM2", "ECDSA_P256"})
    void bytesGoBothWaysOverRealSockets(KeyKind kind) throws IOException {
        TestPki pki = new TestPki(folder, kind);
        TlsContexts server = TlsContexts.of(pki.kms("kms-1", kind));
        TlsContexts client = TlsContexts.of(pki.member("site-a", kind));
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Identity> served = CompletableFuture.supplyAsync(() -> echoOneByte(listener, server));
            try (SSLSocket socket = client.connect((InetSocketAddress) listener.getLocalSocketAddress(), Role.KMS, PATIENCE)) {
                assertEquals(new Identity(Role.KMS, "kms-1"), TlsContexts.peerIdentity(socket.getSession()));
                socket.getOutputStream().write(42);
                assertEquals(42, socket.getInputStream().read());
            }
            assertEquals(new Identity(Role.MEMBER, "site-a"), served.join());
        }
    }

    @Test
    void aServerOfTheWrongRoleIsRefusedBeforeAnythingIsSent() throws IOException {
        TestPki pki = new TestPki(folder, KeyKind.SM2);
        TlsContexts server = TlsContexts.of(pki.kms("kms-1", KeyKind.SM2));
        TlsContexts client = TlsContexts.of(pki.kms("kms-2", KeyKind.SM2));
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Identity> served = CompletableFuture.supplyAsync(() -> echoOneByte(listener, server));
            assertThrows(IOException.class,
                () -> client.connect((InetSocketAddress) listener.getLocalSocketAddress(), Role.MEMBER, PATIENCE));
            assertThrows(CompletionException.class, served::join);
        }
    }

    @Test
    void aServerThatSaysNothingIsGivenUp() throws IOException {
        TlsContexts client = TlsContexts.of(new TestPki(folder, KeyKind.ECDSA_P256).member("site-a", KeyKind.ECDSA_P256));
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThrows(IOException.class,
                () -> client.connect((InetSocketAddress) silent.getLocalSocketAddress(), Role.KMS, Duration.ofMillis(300)));
        }
    }

    @Test
    void whereNobodyListensTheConnectionFails() throws IOException {
        TlsContexts client = TlsContexts.of(new TestPki(folder, KeyKind.ECDSA_P256).member("site-a", KeyKind.ECDSA_P256));
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        assertThrows(IOException.class, () -> client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), Role.KMS, PATIENCE));
    }

    private static Identity echoOneByte(ServerSocket listener, TlsContexts server) {
        try (Socket accepted = listener.accept(); SSLSocket socket = server.serverSocket(accepted, Role.MEMBER)) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.startHandshake();
            socket.getOutputStream().write(socket.getInputStream().read());
            return TlsContexts.peerIdentity(socket.getSession());
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }
}
