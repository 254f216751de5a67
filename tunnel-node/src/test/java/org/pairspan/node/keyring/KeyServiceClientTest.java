package org.pairspan.node.keyring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.node.config.KeyServiceConfig;
import org.pairspan.node.fixture.TestKeyServer;
import org.pairspan.node.fixture.TestPki;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.keyservice.Install;
import org.pairspan.protocol.keyservice.KeyGrant;
import org.pairspan.protocol.keyservice.MemberFrame;
import org.pairspan.protocol.keyservice.KeyStep;
import org.pairspan.protocol.keyservice.PolicyChanged;
import org.pairspan.protocol.keyservice.Pong;
import org.pairspan.protocol.keyservice.Refusal;
import org.pairspan.protocol.keyservice.Register;
import org.pairspan.protocol.keyservice.Registered;
import org.pairspan.protocol.keyservice.ServiceFrame;
import org.pairspan.runtime.identity.Role;
import org.pairspan.runtime.tls.TlsContexts;

/** Against key servers of the test that speak the member link over real TLS. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class KeyServiceClientTest {
    private static final Target PEER = new Target.Owner(IpPrefix.parse("10.2.0.5"));
    private static final Member MEMBER = new Member(Messages.OWN_ID, 0x1234, new InetSocketAddress("192.0.2.1", 4710),
            List.of(Messages.OWN_PREFIX), List.of(Suite.AES_256_GCM));

    private record Push(AssociationOffer offer, KeyService.InstallReply reply) {
    }

    private static final class Events implements KeyService.Listener {
        private final BlockingQueue<Integer> linksUp = new LinkedBlockingQueue<>();
        private final BlockingQueue<Push> pushes = new LinkedBlockingQueue<>();

        @Override
        public void onLinkUp(int ownNumber) {
            linksUp.add(ownNumber);
        }

        @Override
        public void onInstall(AssociationOffer offer, KeyService.InstallReply reply) {
            pushes.add(new Push(offer, reply));
        }

        @Override
        public void onPrepare(AssociationOffer offer, KeyService.InstallReply reply) {
            pushes.add(new Push(offer, reply));
        }

        @Override
        public void onStep(KeyStep step, KeyService.InstallReply reply) {
            reply.refused("not expected");
        }

        @Override
        public void onPolicy(long version) {
            throw new AssertionError("not expected");
        }

        @Override
        public void onRevoked(List<Integer> memberNumbers) {
            throw new AssertionError("not expected");
        }
    }

    @TempDir
    private Path folder;
    private TestPki pki;
    private TlsContexts memberTls;
    private final Events events = new Events();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    @BeforeEach
    void issueCertificates() throws IOException {
        pki = new TestPki(folder);
        pki.issueKms("kms-1");
        pki.issueMember(Messages.OWN_ID, "10.1.0.0/16");
        memberTls = pki.tls(Messages.OWN_ID);
    }

    @AfterEach
    void closeAll() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
        assertEquals(List.of(), List.copyOf(events.pushes));
    }

    private <T extends AutoCloseable> T opened(T part) {
        opened.push(part);
        return part;
    }

    /** Registers, grants, answers pings. */
    private static Optional<ServiceFrame.Builder> obliging(MemberFrame frame, TestKeyServer.Connection from) {
        return switch (frame.getBodyCase()) {
            case REGISTER -> Optional.of(ServiceFrame.newBuilder().setRegistered(Registered.newBuilder().setMemberNumber(1)));
            case KEY_REQUEST -> Optional.of(ServiceFrame.newBuilder().setKeyGrant(KeyGrant.newBuilder().setAssociation(Messages.association(1))));
            case PING -> Optional.of(ServiceFrame.newBuilder().setPong(Pong.getDefaultInstance()));
            default -> Optional.empty();
        };
    }

    private TestKeyServer server(TestKeyServer.Script script) throws IOException {
        return opened(new TestKeyServer(pki.tls("kms-1"), script));
    }

    private KeyServiceClient client(Duration requestTimeout, TestKeyServer... servers) {
        KeyServiceConfig config = new KeyServiceConfig(List.of(servers).stream().map(TestKeyServer::address).toList(),
                Duration.ofSeconds(5), requestTimeout, Duration.ofMillis(50), Duration.ofMillis(500));
        KeyServiceClient client = opened(new KeyServiceClient(config, MEMBER, (address, timeout) -> memberTls.connect(address, Role.KMS, timeout),
                SystemNanoClock.INSTANCE, new Random(3)));
        client.start(events);
        return client;
    }

    private void awaitLink() throws InterruptedException {
        assertEquals(1, events.linksUp.poll(20, TimeUnit.SECONDS));
    }

    @Test
    void itSaysWhoItIsBeforeAnythingElse() throws Exception {
        TestKeyServer server = server(KeyServiceClientTest::obliging);
        KeyServiceClient client = client(Duration.ofSeconds(5), server);
        awaitLink();
        Register register = server.received().take().getRegister();
        assertEquals(Messages.OWN_ID, register.getMemberId());
        assertEquals(0x1234, register.getIncarnation());
        assertEquals(4710, register.getBearer().getPort());
        assertEquals(List.of(Suite.AES_256_GCM.wireNumber()), register.getSuitesList());
        assertTrue(client.status().connected());
        assertEquals(1, client.status().memberNumber());
    }

    @Test
    void aQuestionBringsItsAnswer() throws Exception {
        TestKeyServer server = server(KeyServiceClientTest::obliging);
        KeyServiceClient client = client(Duration.ofSeconds(5), server);
        awaitLink();
        Reply.Granted granted = assertInstanceOf(Reply.Granted.class, client.ask(PEER, 0, 0).get());
        assertEquals("site-b", granted.offer().peerId());
    }

    @Test
    void whenAServerDiesItRegistersWithTheNext() throws Exception {
        TestKeyServer one = server(KeyServiceClientTest::obliging);
        TestKeyServer two = server(KeyServiceClientTest::obliging);
        KeyServiceClient client = client(Duration.ofSeconds(5), one, two);
        awaitLink();
        InetSocketAddress first = client.status().server();
        (first.equals(one.address()) ? one : two).close();
        awaitLink();
        assertEquals(first.equals(one.address()) ? two.address() : one.address(), client.status().server());
        assertInstanceOf(Reply.Granted.class, client.ask(PEER, 0, 0).get());
    }

    @Test
    void whenTheServerDiesWhatWasAskedFailsAtOnce() throws Exception {
        TestKeyServer server = server((frame, from) -> frame.hasKeyRequest() ? Optional.empty() : obliging(frame, from));
        KeyServiceClient client = client(Duration.ofMinutes(5), server);
        awaitLink();
        CompletableFuture<Reply.Answer> answer = client.ask(PEER, 0, 0);
        server.close();
        assertInstanceOf(IOException.class, assertThrows(ExecutionException.class, answer::get).getCause());
    }

    @Test
    void aServerThatFallsSilentIsLeft() throws Exception {
        TestKeyServer server = server((frame, from) -> frame.hasPing() ? Optional.empty() : obliging(frame, from));
        client(Duration.ofSeconds(5), server);
        awaitLink();
        awaitLink();
    }

    @Test
    void aQuestionWithoutAnswerEndsAtItsDeadline() throws Exception {
        TestKeyServer server = server((frame, from) -> frame.hasKeyRequest() ? Optional.empty() : obliging(frame, from));
        KeyServiceClient client = client(Duration.ofMillis(300), server);
        awaitLink();
        assertInstanceOf(TimeoutException.class, assertThrows(ExecutionException.class, client.ask(PEER, 0, 0)::get).getCause());
    }

    @Test
    void aPushReachesTheListenerAndItsAnswerTheServer() throws Exception {
        TestKeyServer server = server((frame, from) -> {
            if (frame.hasKeyRequest()) {
                from.send(ServiceFrame.newBuilder().setCorrelationId(77).setInstall(Install.newBuilder().setAssociation(Messages.association(4))).build());
            }
            return obliging(frame, from);
        });
        KeyServiceClient client = client(Duration.ofSeconds(5), server);
        awaitLink();
        client.ask(PEER, 0, 0).get();
        Push push = events.pushes.take();
        assertEquals(4, push.offer().generation());
        push.reply().refused("the test does not want it");
        MemberFrame ack = server.received().take();
        while (!ack.hasInstallAck()) {
            ack = server.received().take();
        }
        assertEquals(77, ack.getCorrelationId());
        assertEquals("the test does not want it", ack.getInstallAck().getReason());
    }

    @Test
    void aMalformedGrantEndsTheLink() throws Exception {
        ServiceFrame.Builder malformed = ServiceFrame.newBuilder().setKeyGrant(KeyGrant.newBuilder().setAssociation(Messages.association(0)));
        TestKeyServer server = server((frame, from) -> frame.hasKeyRequest() ? Optional.of(malformed) : obliging(frame, from));
        KeyServiceClient client = client(Duration.ofSeconds(5), server);
        awaitLink();
        assertThrows(ExecutionException.class, client.ask(PEER, 0, 0)::get);
        awaitLink();
    }

    @Test
    void aFaultOfThisNodeEndsTheLinkAtOnceAndSaysSo() throws Exception {
        ServiceFrame.Builder unexpected = ServiceFrame.newBuilder().setPolicyChanged(PolicyChanged.newBuilder().setPolicyVersion(2));
        TestKeyServer server = server((frame, from) -> frame.hasKeyRequest() ? Optional.of(unexpected) : obliging(frame, from));
        KeyServiceClient client = client(Duration.ofMinutes(5), server);
        awaitLink();
        Throwable died = assertThrows(ExecutionException.class, client.ask(PEER, 0, 0)::get).getCause();
        assertInstanceOf(AssertionError.class, died.getCause());
        awaitLink();
    }

    @Test
    void aRefusedRegistrationIsTriedWithTheNextServer() throws Exception {
        ServiceFrame.Builder refusal = ServiceFrame.newBuilder()
                .setRefusal(Refusal.newBuilder().setReason(Refusal.Reason.UNAVAILABLE).setDetail("not yet"));
        TestKeyServer refusing = server((frame, from) -> frame.hasRegister() ? Optional.of(refusal) : obliging(frame, from));
        TestKeyServer obliging = server(KeyServiceClientTest::obliging);
        KeyServiceClient client = client(Duration.ofSeconds(5), refusing, obliging);
        awaitLink();
        assertEquals(obliging.address(), client.status().server());
    }

    @Test
    void anotherNumberThanBeforeIsNotBelieved() throws Exception {
        Random numbers = new Random(5);
        TestKeyServer server = server((frame, from) -> frame.hasRegister()
                ? Optional.of(ServiceFrame.newBuilder().setRegistered(Registered.newBuilder().setMemberNumber(1 + numbers.nextInt(1_000_000))))
                : Optional.empty());
        KeyServiceClient client = client(Duration.ofSeconds(5), server);
        events.linksUp.take();
        int number = client.status().memberNumber();
        while (!client.status().trouble().contains("but we are number " + number)) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aMemberOfAnotherAuthorityIsToldWhyItIsNotServed() throws Exception {
        TestPki others = new TestPki(folder.resolve("others"));
        others.issueMember(Messages.OWN_ID, "10.1.0.0/16");
        TestKeyServer server = server(KeyServiceClientTest::obliging);
        memberTls = others.tls(Messages.OWN_ID);
        KeyServiceClient client = client(Duration.ofSeconds(5), server);
        client.firstRound().toCompletableFuture().get();
        assertTrue(client.status().trouble().contains("certificate"), client.status().trouble());
        assertEquals(List.of(), List.copyOf(server.received()));
    }

    @Test
    void aMemberIsNoKeyServer() throws Exception {
        pki.issueMember("site-x", "10.9.0.0/16");
        TestKeyServer impostor = opened(new TestKeyServer(pki.tls("site-x"), KeyServiceClientTest::obliging));
        KeyServiceClient client = client(Duration.ofSeconds(5), impostor);
        client.firstRound().toCompletableFuture().get();
        assertEquals(List.of(), List.copyOf(events.linksUp));
        assertEquals(List.of(), List.copyOf(impostor.received()));
    }
}
