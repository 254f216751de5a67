package org.pairspan.kms.delivery;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.io.Inet;
import org.apache.pekko.io.TcpSO;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.AlertLevel;
import org.bouncycastle.tls.ContentType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.kms.audit.AuditAllowance;
import org.pairspan.kms.config.Etsi014Settings;
import org.pairspan.kms.endpoint.RawMember;
import org.pairspan.kms.rate.RateLimit;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.identity.Role;
import org.pairspan.runtime.pki.CertificateAuthority;
import org.pairspan.runtime.tls.TlsContexts;
import org.pairspan.runtime.tls.TlsIdentity;

/** Clients that want the connections, not keys. No cluster: what they ask is not there. */
@Timeout(30)
class HostileSaeTest {

    private static final InstantSource CLOCK = InstantSource.system();
    private static final int MOST = 40;
    private static final int MOST_STRANGERS = 3;
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(500);
    private static final int MANY_STRANGERS = 2_000;
    /** Bytes of a buffer; the kernel makes of it what it takes for the least. */
    private static final int SMALL = 1_024;
    /** More answers than the buffers of both ends take. */
    private static final int TOO_MANY_ANSWERS = 800;
    /** Columns of proc(5), net/tcp. */
    private static final int LOCAL = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;
    private static final String LISTENING = "0A";
    private static final String HALF_REQUEST = "GET /nothing HTTP/1.1\r\nHost: kme\r\nx: ";
    private static final String REQUEST = "GET /nothing HTTP/1.1\r\nHost: kme\r\n\r\n";

    @TempDir
    private Path folder;
    private final ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "hostile-sae-test");
    private final DeliveryCounters counters = new DeliveryCounters();
    private final List<Socket> open = new ArrayList<>();
    private CertificateAuthority authority;
    private InetSocketAddress address;

    @BeforeEach
    void issue() throws IOException {
        authority = CertificateAuthority.create("authority", KeyKind.ECDSA_P256, Duration.ofDays(2), Clock.systemUTC());
        authority.own().write(folder, "authority");
        authority.issueKms("kms-1", KeyKind.ECDSA_P256, List.of("127.0.0.1"), Duration.ofDays(1)).write(folder, "kms-1");
    }

    private void serve(Duration handshake, Duration idle) {
        serve(handshake, idle, List.of());
    }

    private void serve(Duration handshake, Duration idle, List<Inet.SocketOption> options) {
        Etsi014Settings settings = new Etsi014Settings(new InetSocketAddress("127.0.0.1", 0), Optional.empty(), "kme-1",
                new Etsi014Settings.Keys(256, 64, 1024, 128, 20, 100, 2, Duration.ofHours(1), Duration.ofMinutes(1)), Set.of(),
                new Etsi014Settings.Connections(MOST, MOST_STRANGERS, MOST_STRANGERS, handshake, idle, SHORT));
        RateLimit none = new RateLimit(1, Duration.ofSeconds(1));
        KeyDelivery delivery = new KeyDelivery(null, settings, (caller, others) -> CompletableFuture.completedFuture(
                new SaeAccess.Denied("apart")), source -> null, null,
                new DeliveryAudit(record -> CompletableFuture.completedFuture(null), new AuditAllowance(
                        record -> CompletableFuture.completedFuture(null), CLOCK, () -> 0, none, none), CLOCK), counters, () -> true);
        address = new KeyDeliveryServer(system, contexts("kms-1"), new HttpApi(system, delivery, counters), settings.connections(), counters)
                .bind(settings.address(), options).toCompletableFuture().join().localAddress();
    }

    @AfterEach
    void stop() throws IOException {
        closeAll();
        system.terminate();
    }

    private void closeAll() throws IOException {
        for (Socket socket : open) {
            try {
                socket.close();
            } catch (SocketException e) {
                assertTrue(e.getMessage().contains("reset") || e.getMessage().contains("pipe"), "the other end was not first: " + e);
            }
        }
        open.clear();
    }

    private TlsContexts contexts(String name) {
        return TlsContexts.of(TlsIdentity.load(folder.resolve(name + ".crt"), folder.resolve(name + ".key"), folder.resolve("authority.crt")));
    }

    private TlsContexts member(String id) throws IOException {
        authority.issueMember(id, KeyKind.ECDSA_P256, List.of(), Duration.ofDays(1)).write(folder, id);
        return contexts(id);
    }

    private SSLSocket connect(TlsContexts member) throws IOException {
        SSLSocket socket = member.connect(address, Role.KMS, Duration.ofSeconds(10));
        open.add(socket);
        return socket;
    }

    private Socket stranger() throws IOException {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        open.add(socket);
        return socket;
    }

    private static void await(long expected, LongSupplier counter) {
        while (counter.getAsLong() != expected) {
            LockSupport.parkNanos(1_000_000);
            assertFalse(Thread.interrupted(), () -> "there are " + counter.getAsLong() + ", not " + expected);
        }
    }

    /** One byte at a time, without end; never silent for as long as the limits. */
    private void dribble(Socket socket, String bytes) {
        assertThrows(IOException.class, () -> {
            OutputStream out = socket.getOutputStream();
            for (int i = 0; ; i++) {
                out.write(bytes.charAt(i % bytes.length()));
                out.flush();
                LockSupport.parkNanos(20_000_000);
            }
        });
    }

    @Test
    void aFirstRequestThatNeverEndsEndsTheConnection() throws IOException {
        serve(Duration.ofSeconds(3), LONG);
        SSLSocket socket = connect(member("site-a"));
        socket.getOutputStream().write(HALF_REQUEST.getBytes(StandardCharsets.US_ASCII));
        dribble(socket, "x");
        await(0, counters.connections::sum);
        assertEquals(0, counters.requests.sum());
        assertEquals(0, counters.failedHandshakes.sum());
    }

    @Test
    void aLaterRequestThatNeverEndsEndsTheConnection() throws IOException {
        serve(LONG, SHORT);
        SSLSocket socket = connect(member("site-a"));
        socket.getOutputStream().write((REQUEST + HALF_REQUEST).getBytes(StandardCharsets.US_ASCII));
        dribble(socket, "x");
        await(0, counters.connections::sum);
        assertEquals(1, counters.requests.sum());
    }

    @Test
    void aBodyThatNeverEndsIsNotWaitedForLongerThanForAnAnswer() throws IOException {
        serve(LONG, LONG);
        SSLSocket socket = connect(member("site-a"));
        socket.getOutputStream().write("GET /nothing HTTP/1.1\r\nHost: kme\r\nContent-Length: 100000\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
        dribble(socket, "x");
        await(0, counters.connections::sum);
    }

    @Test
    void aHandshakeThatNeverEndsEndsTheConnection() throws IOException {
        serve(SHORT, LONG);
        // A record of the handshake as long as any, and the beginning of a message that fills it.
        byte[] hello = {22, 3, 1, 64, 0, 1, 0, 63, (byte) 252, 3, 3};
        Socket socket = stranger();
        socket.getOutputStream().write(hello);
        dribble(socket, "\0");
        await(0, counters.connections::sum);
        await(1, counters.failedHandshakes::sum);
    }

    @Test
    void asManyRequestsAtOnceAsARecordHoldsAreAnsweredOneAfterTheOther() throws IOException {
        serve(LONG, LONG);
        String shortest = "GET / HTTP/1.1\r\nHost:a\r\n\r\n";
        int many = 16_384 / shortest.length();
        SSLSocket socket = connect(member("site-a"));
        socket.getOutputStream().write(shortest.repeat(many).getBytes(StandardCharsets.US_ASCII));
        await(many, counters.requests::sum);
        assertEquals(1, counters.connections.sum());
    }

    /** How many descriptors of connections the server holds, counted or not: sockets at its port that some process has. */
    private long descriptors() {
        String port = String.format(":%04X", address.getPort());
        return Stream.of("tcp", "tcp6").map(table -> Path.of("/proc/self/net", table)).filter(Files::exists)
                .flatMap(table -> assertDoesNotThrow(() -> Files.readAllLines(table)).stream())
                .filter(line -> line.contains(port))
                .map(line -> line.strip().split("\\s+"))
                .filter(socket -> socket[LOCAL].endsWith(port) && !socket[STATE].equals(LISTENING) && !socket[INODE].equals("0"))
                .count();
    }

    @Test
    @Timeout(120)
    void whoHangsUpHalfAndReadsNoAnswerTakesHisOwnPlacesAndThoseForATime() throws IOException {
        serve(LONG, LONG, List.of(TcpSO.sendBufferSize(SMALL)));
        member("greedy");
        byte[] requests = REQUEST.repeat(TOO_MANY_ANSWERS).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 2 * MOST; i++) {
            RawMember half = new RawMember(address, LONG, SMALL);
            open.add(half.socket());
            half.handshake(folder.resolve("greedy.crt"), folder.resolve("greedy.key"));
            half.say(requests);
            half.record(ContentType.alert, (byte) AlertLevel.warning, (byte) AlertDescription.close_notify);
            half.send();
            half.socket().shutdownOutput();
            assertTrue(descriptors() <= MOST + MOST_STRANGERS, () -> "descriptors: " + descriptors() + ", counted " + counters.connections.sum());
        }
        await(0, this::descriptors);
        await(0, counters.connections::sum);
    }

    @Test
    void strangersWhoHangUpHalfAreGone() throws IOException {
        serve(LONG, LONG);
        for (int i = 0; i < MANY_STRANGERS; i++) {
            stranger().shutdownOutput();
        }
        await(0, this::descriptors);
        await(0, counters.connections::sum);
    }

    @Test
    void strangersLeaveRoomAndTheirsIsFreeAgain() throws IOException {
        serve(LONG, LONG);
        for (int round = 1; round <= 2; round++) {
            for (int i = 0; i < MOST_STRANGERS; i++) {
                stranger();
            }
            await(MOST_STRANGERS, counters.connections::sum);
            assertEquals(-1, stranger().getInputStream().read());
            assertEquals(round, counters.turnedAway.sum());
            closeAll();
            await(0, counters.connections::sum);
            await((long) round * MOST_STRANGERS, counters.failedHandshakes::sum);
        }
    }

    @Test
    void anSaeHasItsPlacesAndAllHaveTheirs() throws IOException {
        serve(LONG, LONG);
        TlsContexts greedy = member("greedy");
        for (int i = 0; i < 33; i++) {
            connect(greedy);
        }
        await(1, counters.turnedAway::sum);
        await(32, counters.connections::sum);
        TlsContexts other = member("other");
        for (int i = 32; i < MOST; i++) {
            connect(other);
        }
        assertThrows(IOException.class, () -> connect(other));
        assertEquals(2, counters.turnedAway.sum());
        closeAll();
        await(0, counters.connections::sum);
        connect(other);
        assertEquals(0, counters.failedHandshakes.sum());
    }
}
