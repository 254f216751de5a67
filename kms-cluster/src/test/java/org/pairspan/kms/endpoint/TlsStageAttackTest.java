package org.pairspan.kms.endpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
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
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.AlertLevel;
import org.bouncycastle.tls.ContentType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.identity.Role;
import org.pairspan.runtime.pki.CertificateAuthority;
import org.pairspan.runtime.pki.IssuedCertificate;
import org.pairspan.runtime.tls.TlsContexts;
import org.pairspan.runtime.tls.TlsIdentity;

/** The stage between real sockets, against peers that mean it harm. */
class TlsStageAttackTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LAST_WORDS = Duration.ofMillis(500);
    private static final KeyKind KIND = KeyKind.ECDSA_P256;
    private static final byte[] WORD = "word".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path folder;
    private final ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "tls-attack-test");
    private final BlockingQueue<String> authenticated = new LinkedBlockingQueue<>();
    /** How plain input ended: {@link Done}, or the failure. */
    private final BlockingQueue<Object> inputEnds = new LinkedBlockingQueue<>();
    /** One for each connection that is over. */
    private final BlockingQueue<Object> connectionEnds = new LinkedBlockingQueue<>();
    private CertificateAuthority authority;
    private TlsContexts server;

    @BeforeEach
    void issue() throws IOException {
        authority = CertificateAuthority.create("test authority", KIND, Duration.ofDays(2), Clock.systemUTC());
        authority.own().write(folder, "authority");
        authority.issueMember("site-a", KIND, List.of(), Duration.ofDays(1)).write(folder, "site-a");
        IssuedCertificate kms = authority.issueKms("kms-1", KIND, List.of("127.0.0.1"), Duration.ofDays(1));
        kms.write(folder, "kms-1");
        server = TlsContexts.of(TlsIdentity.load(folder.resolve("kms-1.crt"), folder.resolve("kms-1.key"),
                folder.resolve("authority.crt")));
    }

    @AfterEach
    void stop() {
        system.terminate();
    }

    private InetSocketAddress serve(Flow<ByteString, byte[], NotUsed> service) {
        return Tcp.get(system).bind("127.0.0.1", 0).to(Sink.foreach(connection -> serve(connection, service))).run(system)
                .toCompletableFuture().join().localAddress();
    }

    private void serve(Tcp.IncomingConnection connection, Flow<ByteString, byte[], NotUsed> service) {
        TlsStage stage = new TlsStage(() -> server.serverEngine(Role.MEMBER), session -> authenticated.add(session.getCipherSuite()),
                LAST_WORDS);
        BidiFlow.fromGraph(stage).join(endingIn(connectionEnds, connection.flow())).via(endingIn(inputEnds, Flow.of(ByteString.class)))
                .join(service).run(system);
    }

    private static <T> Flow<T, ByteString, NotUsed> endingIn(BlockingQueue<Object> ends, Flow<T, ByteString, NotUsed> flow) {
        return flow.watchTermination((nothing, ended) -> {
            ended.whenComplete((done, failure) -> ends.add(failure == null ? done : failure));
            return nothing;
        });
    }

    private InetSocketAddress echo() {
        return serve(Flow.of(ByteString.class).map(ByteString::toArray));
    }

    private RawMember connect(InetSocketAddress address) throws IOException {
        RawMember member = new RawMember(address, PATIENCE);
        member.handshake(folder.resolve("site-a.crt"), folder.resolve("site-a.key"));
        return member;
    }

    private static void assertEchoes(RawMember member) throws IOException {
        member.say(WORD);
        member.send();
        assertArrayEquals(WORD, member.hear(WORD.length));
    }

    private SSLException refusal() throws InterruptedException {
        return assertInstanceOf(SSLException.class, inputEnds.poll(10, TimeUnit.SECONDS));
    }

    private void assertConnectionOver() throws InterruptedException {
        assertTrue(connectionEnds.poll(10, TimeUnit.SECONDS) != null, "the connection is still there");
    }

    private static void assertNoMore(RawMember member) {
        assertThrows(IOException.class, () -> {
            while (true) {
                member.listen();
            }
        });
    }

    @Test
    void keysAreUpdatedAsOftenAsThePeerWantsBetweenItsWords() throws Exception {
        try (RawMember member = connect(echo())) {
            for (int round = 0; round < 50; round++) {
                member.update(round % 2 == 0);
                assertEchoes(member);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void updatesOfKeysWithoutEndEndTheConnection(boolean requested) throws Exception {
        try (RawMember member = connect(echo())) {
            assertEchoes(member);
            for (int i = 0; i <= TlsRecords.MOST_EMPTY; i++) {
                member.update(requested);
            }
            member.send();
            assertTrue(refusal().getMessage().contains("bring nothing"));
            assertNoMore(member);
            assertConnectionOver();
        }
    }

    @Test
    void updatesOfKeysAreCountedHoweverTheyAreCut() throws Exception {
        try (RawMember member = connect(echo())) {
            assertEchoes(member);
            ByteArrayOutputStream records = new ByteArrayOutputStream();
            List<Integer> ends = new ArrayList<>();
            for (int i = 0; i <= TlsRecords.MOST_EMPTY; i++) {
                member.update(false);
                records.writeBytes(member.said());
                ends.add(records.size());
            }
            int from = 0;
            for (int end : ends) {
                // Each write has the first byte of the next record, too.
                int to = Math.min(end + 1, records.size());
                member.socket().getOutputStream().write(records.toByteArray(), from, to - from);
                from = to;
            }
            assertTrue(refusal().getMessage().contains("bring nothing"));
            assertConnectionOver();
        }
    }

    @Test
    void emptyRecordsAndWarningsWithoutEndEndTheConnection() throws Exception {
        try (RawMember member = connect(echo())) {
            for (int i = 0; i < TlsRecords.MOST_EMPTY; i++) {
                member.record(ContentType.application_data);
            }
            assertEchoes(member);
            for (int i = 0; i <= TlsRecords.MOST_EMPTY; i++) {
                member.record(ContentType.alert, (byte) AlertLevel.warning, (byte) AlertDescription.user_canceled);
            }
            member.send();
            assertTrue(refusal().getMessage().contains("bring nothing"));
            assertConnectionOver();
        }
    }

    @Test
    void aHandshakeAfterTheHandshakeIsRefused() throws Exception {
        try (RawMember member = connect(echo())) {
            assertEchoes(member);
            // The beginning of a ClientHello of TLS 1.2.
            byte[] hello = new byte[64];
            hello[0] = 1;
            hello[3] = 60;
            hello[4] = 3;
            hello[5] = 3;
            member.record(ContentType.handshake, hello);
            member.send();
            refusal();
            assertNoMore(member);
            assertConnectionOver();
        }
    }

    @Test
    void aFatalAlertEndsTheConnection() throws Exception {
        try (RawMember member = connect(echo())) {
            assertEchoes(member);
            member.record(ContentType.alert, (byte) AlertLevel.fatal, (byte) AlertDescription.internal_error);
            member.send();
            refusal();
            assertConnectionOver();
        }
    }

    @Test
    void aPeerThatSaysFarewellIsAnsweredAndAllItSaidBeforeArrives() throws Exception {
        try (RawMember member = connect(echo())) {
            member.say(WORD);
            member.record(ContentType.alert, (byte) AlertLevel.warning, (byte) AlertDescription.close_notify);
            member.say(WORD);
            member.send();
            assertEquals(Done.getInstance(), inputEnds.poll(10, TimeUnit.SECONDS));
            assertNoMore(member);
            assertConnectionOver();
        }
    }

    @Test
    void aConnectionThatIsCutOffIsNoFarewell() throws Exception {
        try (RawMember member = connect(echo())) {
            assertEchoes(member);
            member.socket().shutdownOutput();
            assertTrue(refusal().getMessage().contains("without a farewell"));
            assertConnectionOver();
        }
    }

    @Test
    void aConnectionThatIsCutOffWithinARecordIsNoFarewell() throws Exception {
        try (RawMember member = connect(echo())) {
            member.say(WORD);
            byte[] record = member.said();
            member.socket().getOutputStream().write(record, 0, record.length - 1);
            member.socket().shutdownOutput();
            assertTrue(refusal().getMessage().contains("without a farewell"));
            assertConnectionOver();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPeerThatNeverReadsDoesNotKeepTheConnectionPastItsEnd(boolean hangsUp) throws Exception {
        ByteString much = ByteString.fromArrayUnsafe(new byte[60_000]);
        InetSocketAddress address = serve(Flow.fromSinkAndSource(Sink.ignore(), Source.repeat(much).take(1_000).map(ByteString::toArray)
                .takeWithin(Duration.ofMillis(300))));
        try (RawMember member = connect(address)) {
            if (hangsUp) {
                member.socket().shutdownOutput();
            }
            assertConnectionOver();
        }
    }

    @Test
    void aPeerThatNeverReadsTheAnswersToItsUpdatesIsNotHeardEither() throws Exception {
        try (RawMember member = connect(echo())) {
            byte[] half = new byte[8_000];
            member.socket().setSendBufferSize(64 << 10);
            Thread writer = Thread.ofVirtual().start(() -> assertThrows(IOException.class, () -> {
                while (true) {
                    member.update(true);
                    member.say(half);
                    member.send();
                }
            }));
            // What is on the way in both directions is all there is: a few MiB, and the writer waits.
            assertTrue(!writer.join(Duration.ofSeconds(1)), "all was taken");
            member.socket().close();
            assertTrue(writer.join(PATIENCE));
            assertConnectionOver();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "474554202f20485454502f312e310d0a0d0a",     // HTTP
        "1603010000",                               // a record of the handshake with nothing in it
        "1703030000",                               // data before the handshake
        "1603034101",                               // longer than a record may be
        "1603010004ffffffff",                       // a message without end
        "802e0103010015000000100100800300800700c0", // SSL 2
        "15030100020100",                           // a farewell before the handshake
        "150301000100",                             // half an alert
        "1403010001021403010001021403010001"        // changes of nothing
    })
    void whatIsNoHandshakeEndsTheConnection(String bytes) throws Exception {
        InetSocketAddress address = echo();
        try (Socket client = new Socket(address.getAddress(), address.getPort())) {
            client.setSoTimeout((int) PATIENCE.toMillis());
            client.getOutputStream().write(HexFormat.of().parseHex(bytes));
            client.shutdownOutput();
            assertTrue(readable(client) < 100, "an alert at most");
        }
        refusal();
        assertConnectionOver();
        assertTrue(authenticated.isEmpty());
    }

    /** Bytes that come until the connection ends, in whatever way. */
    private static int readable(Socket client) throws IOException {
        int count = 0;
        try {
            while (client.getInputStream().read() >= 0) {
                count++;
            }
        } catch (SocketException e) {
            assertTrue(e.getMessage().contains("reset"), e::getMessage);
        }
        return count;
    }

    @Test
    void whoShowsNoCertificateIsRefused() throws Exception {
        try (RawMember member = new RawMember(echo(), PATIENCE)) {
            assertThrows(IOException.class, () -> {
                member.handshake(null, null);
                member.hear(1);
            });
        }
        refusal();
        assertConnectionOver();
        assertTrue(authenticated.isEmpty());
    }

    @Test
    void aCertificateWithoutItsKeyIsRefused() throws Exception {
        authority.issueMember("site-b", KIND, List.of(), Duration.ofDays(1)).write(folder, "site-b");
        try (RawMember member = new RawMember(echo(), PATIENCE)) {
            assertThrows(IOException.class, () -> {
                member.handshake(folder.resolve("site-b.crt"), folder.resolve("site-a.key"));
                member.hear(1);
            });
        }
        refusal();
        assertConnectionOver();
        assertTrue(authenticated.isEmpty());
    }
}
