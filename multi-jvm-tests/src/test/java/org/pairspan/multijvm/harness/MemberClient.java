package org.pairspan.multijvm.harness;

import com.google.protobuf.ByteString;
import org.pairspan.cli.lab.Namespace;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.keyservice.Addresses;
import org.pairspan.protocol.keyservice.Association;
import org.pairspan.protocol.keyservice.FrameCodec;
import org.pairspan.protocol.keyservice.InstallAck;
import org.pairspan.protocol.keyservice.KeyRequest;
import org.pairspan.protocol.keyservice.MalformedMessageException;
import org.pairspan.protocol.keyservice.MemberFrame;
import org.pairspan.protocol.keyservice.Refusal;
import org.pairspan.protocol.keyservice.Register;
import org.pairspan.protocol.keyservice.ServiceFrame;
import org.pairspan.runtime.identity.Role;
import org.pairspan.runtime.tls.TlsContexts;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLSocket;

/**
 * A member without a tunnel: keeps a link to one of the key servers, moves to the next when it dies, asks for keys, acknowledges what is
 * pushed to it, and writes every association it is told into an {@link AnswerBook}.
 */
public final class MemberClient implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(4);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final long RETRY_NS = 50_000_000;

    private final String id;
    private final IpPrefix prefix;
    private final InetSocketAddress bearer;
    private final TlsContexts tls;
    private final List<InetSocketAddress> servers;
    private final AnswerBook book;
    private final AtomicLong lastId = new AtomicLong();
    private final Map<Long, Question> outstanding = new ConcurrentHashMap<>();
    private final CountDownLatch registeredOnce = new CountDownLatch(1);
    private final Suite suite;
    private int nextServer;
    private Link link;
    private volatile long incarnation;
    private volatile boolean closed;

    /** A connection serves one incarnation. */
    private record Link(SSLSocket socket, long incarnation) {
    }

    private record Question(long askedNs, CompletableFuture<ServiceFrame> answer) {
    }

    /**
     * Connects, from a namespace, and stays connected.
     *
     * @param bearer where it says that its UDP port is
     * @param firstServer index of the key server tried first
     */
    public MemberClient(Namespace namespace, String id, long incarnation, IpPrefix prefix, InetSocketAddress bearer, TlsContexts tls, List<InetSocketAddress> servers,
        int firstServer, AnswerBook book) {
        this(namespace, id, incarnation, prefix, bearer, Suite.AES_256_GCM, tls, servers, firstServer, book);
    }

    /** As the other, for a member that can run this one suite only. */
    public MemberClient(Namespace namespace, String id, long incarnation, IpPrefix prefix, InetSocketAddress bearer, Suite suite, TlsContexts tls,
        List<InetSocketAddress> servers, int firstServer, AnswerBook book) {
        this.id = id;
        this.suite = suite;
        this.incarnation = incarnation;
        this.prefix = prefix;
        this.bearer = bearer;
        this.tls = tls;
        this.servers = servers;
        this.nextServer = firstServer;
        this.book = book;
        namespace.start("member-" + id, this::run);
    }

    public String id() {
        return id;
    }

    /** The first address of its prefix that a host would have. */
    public byte[] address() {
        final byte[] address = prefix.address();
        address[address.length - 1] = 1;
        return address;
    }

    public boolean awaitRegistration(Duration limit) throws InterruptedException {
        return registeredOnce.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Asks for the key shared with the owner of an address, again and again while the service is away, until the time runs out.
     *
     * @return what it was told
     * @throws TimeoutException when it was told no key in time, or a reason why it never will be; the message has the last trouble
     */
    public Association ask(byte[] address, Duration limit) throws TimeoutException, InterruptedException {
        return ask(address, 0, limit);
    }

    /** As {@link #ask(byte[], Duration)}, for a generation above the given one. */
    public Association ask(byte[] address, long above, Duration limit) throws TimeoutException, InterruptedException {
        final long start = System.nanoTime();
        String trouble = "no time";
        while (System.nanoTime() - start < limit.toNanos()) {
            try {
                final ServiceFrame answer = question(id, address, above).get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
                if (answer.hasKeyGrant()) {
                    return answer.getKeyGrant().getAssociation();
                }
                trouble = answer.getRefusal().getReason() + " " + answer.getRefusal().getDetail();
                if (answer.getRefusal().getReason() != Refusal.Reason.UNAVAILABLE) {
                    break;
                }
            } catch (ExecutionException e) {
                trouble = e.getCause().toString();
            } catch (TimeoutException e) {
                trouble = "no answer";
                endLink();
            }
            // The link is down or the service between two leaders: not a moment to ask without pause.
            LockSupport.parkNanos(RETRY_NS);
        }
        throw new TimeoutException(id + " was told no key within " + limit.toMillis() + " ms: " + trouble);
    }

    /** Asks once, under an id that may be another's. The answer fails where there is no link, or nothing comes in time. */
    public CompletableFuture<ServiceFrame> question(String claimedId, byte[] address, long above) {
        final long number = lastId.incrementAndGet();
        final CompletableFuture<ServiceFrame> answer = new CompletableFuture<>();
        outstanding.put(number, new Question(System.nanoTime(), answer));
        answer.whenComplete((done, failure) -> outstanding.remove(number));
        try {
            send(current -> MemberFrame.newBuilder().setCorrelationId(number).setKeyRequest(KeyRequest.newBuilder().setMemberId(claimedId)
                .setIncarnation(current.incarnation).setPeerAddress(ByteString.copyFrom(address)).setAboveGeneration(above)).build());
        } catch (IOException e) {
            answer.completeExceptionally(e);
        }
        return answer.orTimeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Goes on as if its process had been started again: with another incarnation, on another link. */
    public void startAgain(long newIncarnation) {
        incarnation = newIncarnation;
        endLink();
    }

    @Override
    public void close() {
        closed = true;
        endLink();
    }

    /** Ends the link it has, if any; another is made. */
    private synchronized void endLink() {
        if (link != null) {
            final SSLSocket socket = link.socket;
            // Apart, because closing says goodbye to a server that may no longer listen.
            Thread.ofVirtual().start(() -> closeQuietly(socket));
        }
    }

    private static void closeQuietly(SSLSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            Logger.getLogger(MemberClient.class.getName()).log(Level.FINE, "a link that had died", e);
        }
    }

    private synchronized void send(Function<Link, MemberFrame> frame) throws IOException {
        if (link == null) {
            throw new IOException("not connected");
        }
        link.socket.getOutputStream().write(FrameCodec.encode(frame.apply(link)));
        link.socket.getOutputStream().flush();
    }

    private void run() {
        while (!closed) {
            final InetSocketAddress server = servers.get(nextServer++ % servers.size());
            try (SSLSocket connected = tls.connect(server, Role.KMS, CONNECT_TIMEOUT)) {
                connected.setSoTimeout(20_000);
                serve(new Link(connected, incarnation));
            } catch (IOException | MalformedMessageException e) {
                onDeath(e);
            }
        }
    }

    private void serve(Link own) throws IOException, MalformedMessageException {
        final SSLSocket connected = own.socket;
        final DataInputStream in = new DataInputStream(connected.getInputStream());
        connected.getOutputStream().write(FrameCodec.encode(MemberFrame.newBuilder().setCorrelationId(lastId.incrementAndGet())
            .setRegister(Register.newBuilder().setMemberId(id).setIncarnation(own.incarnation)
                .setBearer(Addresses.message(bearer))
                .addPrefixes(Addresses.message(prefix)).addSuites(suite.wireNumber())).build()));
        connected.getOutputStream().flush();
        final ServiceFrame first = read(in);
        if (!first.hasRegistered()) {
            throw new IOException("not registered: " + first.getRefusal());
        }
        synchronized (this) {
            link = own;
            if (closed || own.incarnation != incarnation) {
                throw new IOException("of no use any more");
            }
        }
        registeredOnce.countDown();
        while (!closed) {
            onFrame(own, read(in));
        }
    }

    private void onFrame(Link own, ServiceFrame frame) throws IOException {
        if (frame.hasInstall()) {
            book.pushed(id, own.incarnation, frame.getInstall().getAssociation());
            send(current -> MemberFrame.newBuilder().setCorrelationId(frame.getCorrelationId())
                .setInstallAck(InstallAck.newBuilder().setInstalled(true)).build());
            return;
        }
        final Question question = outstanding.get(frame.getCorrelationId());
        if (frame.hasKeyGrant()) {
            book.answered(id, own.incarnation, frame.getKeyGrant().getAssociation(), question == null ? Long.MIN_VALUE : question.askedNs);
        }
        if (question != null) {
            question.answer.complete(frame);
        }
    }

    private static ServiceFrame read(DataInputStream in) throws IOException, MalformedMessageException {
        final byte[] prefix = new byte[FrameCodec.PREFIX_LENGTH];
        in.readFully(prefix);
        final byte[] body = new byte[FrameCodec.bodyLength(prefix)];
        in.readFully(body);
        return FrameCodec.parseService(body);
    }

    private synchronized void onDeath(Exception cause) {
        link = null;
        outstanding.values().forEach(question -> question.answer.completeExceptionally(new IOException("the link died: " + cause, cause)));
        notifyAll();
    }
}
