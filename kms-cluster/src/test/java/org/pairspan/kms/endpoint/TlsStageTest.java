package org.pairspan.kms.endpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.identity.Role;
import org.pairspan.runtime.pki.CertificateAuthority;
import org.pairspan.runtime.pki.IssuedCertificate;
import org.pairspan.runtime.tls.TlsContexts;
import org.pairspan.runtime.tls.TlsIdentity;

/** The stage between real sockets, against a client of another make. */
class TlsStageTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final ByteString GREETING = ByteString.fromString("good morning");

    @TempDir
    private Path folder;
    private final ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "tls-stage-test");
    private final BlockingQueue<String> authenticated = new LinkedBlockingQueue<>();
    private final BlockingQueue<Object> ends = new LinkedBlockingQueue<>();
    private CertificateAuthority authority;
    private TlsContexts server;
    private TlsContexts member;

    private void issue(KeyKind kind) throws IOException {
        authority = CertificateAuthority.create("test authority", kind, Duration.ofDays(2), Clock.systemUTC());
        authority.own().write(folder, "authority");
        server = contexts(authority.issueKms("kms-1", kind, List.of("127.0.0.1"), Duration.ofDays(1)), "kms-1");
        member = contexts(authority.issueMember("site-a", kind, List.of(), Duration.ofDays(1)), "site-a");
    }

    private TlsContexts contexts(IssuedCertificate issued, String name) throws IOException {
        issued.write(folder, name);
        return TlsContexts.of(TlsIdentity.load(folder.resolve(name + ".crt"), folder.resolve(name + ".key"),
                folder.resolve("authority.crt")));
    }

    @AfterEach
    void stop() {
        system.terminate();
    }

    private InetSocketAddress serve(Flow<ByteString, ByteString, NotUsed> service) throws IOException {
        return serve(KeyKind.ECDSA_P256, service);
    }

    /** Serves connections with a flow from what the peer says to what it is told. */
    private InetSocketAddress serve(KeyKind kind, Flow<ByteString, ByteString, NotUsed> service) throws IOException {
        return serveBytes(kind, service.map(ByteString::toArray));
    }

    private InetSocketAddress serveBytes(KeyKind kind, Flow<ByteString, byte[], NotUsed> service) throws IOException {
        issue(kind);
        return Tcp.get(system).bind("127.0.0.1", 0)
                .to(Sink.foreach(connection -> BidiFlow.fromGraph(new TlsStage(() -> server.serverEngine(Role.MEMBER),
                                session -> authenticated.add(identity(session)))).join(connection.flow())
                        .watchTermination((nothing, ended) -> {
                            ended.whenComplete((done, failure) -> ends.add(failure == null ? done : failure));
                            return nothing;
                        })
                        .join(service).run(system)))
                .run(system).toCompletableFuture().join().localAddress();
    }

    private static String identity(SSLSession session) {
        try {
            return TlsContexts.peerIdentity(session).id();
        } catch (SSLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatGoesOutIsOverwrittenWhenItIsEncrypted() throws Exception {
        byte[] told = GREETING.toArray();
        InetSocketAddress address = serveBytes(KeyKind.ECDSA_P256, Flow.fromSinkAndSource(Sink.ignore(), Source.single(told)));
        try (SSLSocket client = member.connect(address, Role.KMS, PATIENCE)) {
            client.setSoTimeout((int) PATIENCE.toMillis());
            assertArrayEquals(GREETING.toArray(), client.getInputStream().readNBytes(GREETING.size()));
            assertArrayEquals(new byte[GREETING.size()], told);
        }
    }

    @ParameterizedTest
    @EnumSource(KeyKind.class)
    void whateverLengthIsSentComesBackWhole(KeyKind kind) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        InetSocketAddress address = serve(kind, Flow.create());
        try (SSLSocket client = member.connect(address, Role.KMS, PATIENCE)) {
            client.setSoTimeout((int) PATIENCE.toMillis());
            for (int length : new int[] {1, 16_384, 16_385, 300_000, 2}) {
                byte[] sent = new byte[length];
                random.nextBytes(sent);
                Thread writer = Thread.ofVirtual().start(() -> write(client, sent));
                assertArrayEquals(sent, client.getInputStream().readNBytes(length), () -> "seed " + seed);
                assertTrue(writer.join(PATIENCE));
            }
        }
        assertEquals("site-a", authenticated.poll(10, TimeUnit.SECONDS));
        assertEquals(Done.getInstance(), ends.poll(10, TimeUnit.SECONDS));
    }

    private static void write(SSLSocket client, byte[] bytes) {
        try {
            client.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatIsSaidLastArrivesBeforeTheFarewell() throws IOException {
        InetSocketAddress address = serve(Flow.fromSinkAndSource(Sink.ignore(), Source.repeat(GREETING).take(1_000)));
        try (SSLSocket client = member.connect(address, Role.KMS, PATIENCE)) {
            client.setSoTimeout((int) PATIENCE.toMillis());
            assertEquals(1_000 * GREETING.size(), client.getInputStream().readAllBytes().length);
        }
    }

    @Test
    void inputThatIsNotWantedLeavesTheOutputOpen() throws IOException {
        InetSocketAddress address = serve(Flow.fromSinkAndSource(Sink.cancelled(), Source.single(GREETING)
                .initialDelay(Duration.ofMillis(200))));
        try (SSLSocket client = member.connect(address, Role.KMS, PATIENCE)) {
            client.setSoTimeout((int) PATIENCE.toMillis());
            assertArrayEquals(GREETING.toArray(), client.getInputStream().readAllBytes());
        }
    }

    @Test
    void outputThatFailsBreaksTheConnectionOff() throws Exception {
        InetSocketAddress address = serve(Flow.fromSinkAndSource(Sink.ignore(), Source.failed(new IOException("enough"))));
        assertThrows(IOException.class, () -> member.connect(address, Role.KMS, PATIENCE).close());
        assertInstanceOf(IOException.class, ends.poll(10, TimeUnit.SECONDS));
    }

    @Test
    void aPeerOfAnotherRoleIsToldAndNeverAuthenticated() throws Exception {
        InetSocketAddress address = serve(Flow.create());
        assertThrows(IOException.class, () -> {
            try (SSLSocket client = server.connect(address, Role.KMS, PATIENCE)) {
                client.setSoTimeout((int) PATIENCE.toMillis());
                client.getInputStream().read();
            }
        });
        assertInstanceOf(SSLException.class, ends.poll(10, TimeUnit.SECONDS));
        assertTrue(authenticated.isEmpty());
    }

    @Test
    void nonsenseEndsTheConnection() throws Exception {
        InetSocketAddress address = serve(Flow.create());
        try (Socket client = new Socket(address.getAddress(), address.getPort())) {
            client.setSoTimeout((int) PATIENCE.toMillis());
            client.getOutputStream().write(new byte[200]);
            assertTrue(client.getInputStream().readAllBytes().length < 100, "an alert at most");
        }
        assertNotNull(ends.poll(10, TimeUnit.SECONDS));
        assertTrue(authenticated.isEmpty());
    }

    @Test
    void aPeerThatHangsUpWithinTheHandshakeIsNoticed() throws Exception {
        InetSocketAddress address = serve(Flow.create());
        try (Socket raw = new Socket(address.getAddress(), address.getPort())) {
            raw.getOutputStream().write(new byte[] {0x16, 3, 1});
        }
        assertInstanceOf(SSLException.class, ends.poll(10, TimeUnit.SECONDS));
    }
}
