package org.pairspan.kms.endpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
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
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.util.ByteString;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.identity.Role;
import org.pairspan.runtime.pki.CertificateAuthority;
import org.pairspan.runtime.pki.IssuedCertificate;
import org.pairspan.runtime.tls.TlsContexts;
import org.pairspan.runtime.tls.TlsIdentity;

/** The stage between real sockets, as a server that echoes or does what a test wants, and what becomes of its connections. */
final class AttackedStage implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LAST_WORDS = Duration.ofMillis(500);
    private static final KeyKind KIND = KeyKind.ECDSA_P256;
    static final byte[] WORD = "word".getBytes(StandardCharsets.US_ASCII);

    private final Path folder;
    private final ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "tls-attack-test");
    private final BlockingQueue<String> authenticated = new LinkedBlockingQueue<>();
    /** How plain input ended: {@link Done}, or the failure. */
    private final BlockingQueue<Object> inputEnds = new LinkedBlockingQueue<>();
    /** One for each connection that is over. */
    private final BlockingQueue<Object> connectionEnds = new LinkedBlockingQueue<>();
    private final CertificateAuthority authority;
    private final TlsContexts server;

    AttackedStage(Path folder) throws IOException {
        this.folder = folder;
        authority = CertificateAuthority.create("test authority", KIND, Duration.ofDays(2), Clock.systemUTC());
        authority.own().write(folder, "authority");
        issueMember("site-a");
        IssuedCertificate kms = authority.issueKms("kms-1", KIND, List.of("127.0.0.1"), Duration.ofDays(1));
        kms.write(folder, "kms-1");
        server = TlsContexts.of(TlsIdentity.load(folder.resolve("kms-1.crt"), folder.resolve("kms-1.key"),
                folder.resolve("authority.crt")));
    }

    @Override
    public void close() {
        system.terminate();
    }

    InetSocketAddress serve(Flow<ByteString, byte[], NotUsed> service) {
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

    InetSocketAddress echo() {
        return serve(Flow.of(ByteString.class).map(ByteString::toArray));
    }

    RawMember connect(InetSocketAddress address) throws IOException {
        RawMember member = new RawMember(address, PATIENCE);
        member.handshake(folder.resolve("site-a.crt"), folder.resolve("site-a.key"));
        return member;
    }

    static void assertEchoes(RawMember member) throws IOException {
        member.say(WORD);
        member.send();
        assertArrayEquals(WORD, member.hear(WORD.length));
    }

    SSLException refusal() throws InterruptedException {
        return assertInstanceOf(SSLException.class, inputEnd());
    }

    void assertConnectionOver() throws InterruptedException {
        assertTrue(connectionEnds.poll(10, TimeUnit.SECONDS) != null, "the connection is still there");
    }

    static void assertNoMore(RawMember member) {
        assertThrows(IOException.class, () -> {
            while (true) {
                member.listen();
            }
        });
    }

    /** How plain input ended, of the next connection whose did: {@link Done}, or the failure. */
    Object inputEnd() throws InterruptedException {
        return inputEnds.poll(10, TimeUnit.SECONDS);
    }

    /** Certificate and key of another member, whose name is that of the files. */
    void issueMember(String id) throws IOException {
        authority.issueMember(id, KIND, List.of(), Duration.ofDays(1)).write(folder, id);
    }

    void assertNobodyAuthenticated() {
        assertTrue(authenticated.isEmpty());
    }
}
