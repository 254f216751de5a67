package org.pairspan.node.keyring;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLSocket;
import org.agrona.concurrent.NanoClock;
import org.pairspan.node.config.KeyServiceConfig;
import org.pairspan.node.keyring.Reply.Answer;
import org.pairspan.node.keyring.Reply.Registered;
import org.pairspan.protocol.keyservice.HeldAssociation;
import org.pairspan.protocol.keyservice.MemberFrame;
import org.pairspan.protocol.keyservice.PolicyReview;
import org.pairspan.runtime.config.HostPort;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this member registered with one of the key servers, for as long as the node runs: when a server dies or refuses, the next
 * one is tried, after a pause that grows while none is found. One thread connects and watches; any thread may ask.
 */
final class KeyServiceClient implements KeyService, PolicyReviews.Reviewer, AutoCloseable {
    static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(KeyServiceClient.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    /** Opens connections. */
    interface Connector {
        /** @return connected, with a key server of our authority at the other end. */
        SSLSocket connect(InetSocketAddress server, Duration timeout) throws IOException;
    }

    private final KeyServiceConfig config;
    private final Member member;
    private final Connector connector;
    private final NanoClock clock;
    private final Backoff backoff;
    private final Map<InetSocketAddress, String> toldTroubles = new HashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CompletableFuture<Void> firstRound = new CompletableFuture<>();
    private final Thread thread;
    private Listener listener;
    private int failures;
    private int serverIndex;
    private int memberNumber;
    private volatile KeyServiceLink registeredLink;
    private volatile KeyServiceStatus status;

    /** @param random chooses the first server, so that members spread over all, and shortens pauses. */
    KeyServiceClient(KeyServiceConfig config, Member member, Connector connector, NanoClock clock, RandomGenerator random) {
        this.config = config;
        this.member = member;
        this.connector = connector;
        this.clock = clock;
        backoff = new Backoff(FIRST_PAUSE.toNanos(), LONGEST_PAUSE.toNanos(), random);
        serverIndex = random.nextInt(config.servers().size());
        status = new KeyServiceStatus(false, config.servers().get(serverIndex), 0, "not connected yet");
        thread = Thread.ofVirtual().name("key-service").unstarted(this::keepRegistered);
    }

    /** Begins to connect. Once. */
    void start(Listener toListener) {
        listener = toListener;
        thread.start();
    }

    KeyServiceStatus status() {
        return status;
    }

    /** Completes when this member is registered for the first time, or every server has been tried once. */
    CompletionStage<Void> firstRound() {
        return firstRound;
    }

    @Override
    public CompletableFuture<Answer> ask(Target target, long aboveGeneration, int heldVersion) {
        KeyServiceLink link = registeredLink;
        if (link == null) {
            return CompletableFuture.failedFuture(new IOException("there is no link to the key service"));
        }
        return link.request(member.question(target, aboveGeneration, heldVersion)).thenCompose(reply -> reply instanceof Answer answer
                ? CompletableFuture.completedFuture(answer)
                : CompletableFuture.failedFuture(new IOException("the key server answered a question with a registration")));
    }

    @Override
    public CompletableFuture<Reply.Verdict> review(List<HeldAssociation> held) {
        KeyServiceLink link = registeredLink;
        if (link == null) {
            return CompletableFuture.failedFuture(new IOException("there is no link to the key service"));
        }
        return link.request(MemberFrame.newBuilder().setPolicyReview(PolicyReview.newBuilder().addAllHeld(held)))
                .thenCompose(reply -> reply instanceof Reply.Verdict verdict ? CompletableFuture.completedFuture(verdict)
                        : CompletableFuture.failedFuture(new IOException("the key server reviews nothing now: " + reply)));
    }

    @Override
    public void close() {
        closing.countDown();
        if (thread.getState() == Thread.State.NEW) {
            return;
        }
        thread.interrupt();
        try {
            if (!thread.join(CLOSE_TIMEOUT)) {
                LOG.warn("The key service thread did not end within {}", CLOSE_TIMEOUT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the link that stands, so that the next one begins. Any thread. */
    void reconnect() {
        KeyServiceLink link = registeredLink;
        if (link != null) {
            link.close();
        }
    }

    private void keepRegistered() {
        try {
            while (closing.getCount() > 0) {
                InetSocketAddress server = config.servers().get(serverIndex);
                String trouble = serve(server);
                if (closing.getCount() > 0) {
                    logTrouble(server, trouble);
                    status = new KeyServiceStatus(false, server, memberNumber, trouble);
                    if (++failures >= config.servers().size()) {
                        firstRound.complete(null);
                    }
                    serverIndex = (serverIndex + 1) % config.servers().size();
                    if (closing.await(backoff.nextNs(), TimeUnit.NANOSECONDS)) {
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("Interrupted; no longer connected to the key service");
        }
    }

    /** One connection, from its beginning to its end; returns why it ended. */
    private String serve(InetSocketAddress server) throws InterruptedException {
        try (KeyServiceLink link = new KeyServiceLink(connect(server), clock, config.requestTimeout(), listener)) {
            Registered registered = register(link);
            memberNumber = registered.number();
            backoff.reset();
            toldTroubles.clear();
            registeredLink = link;
            status = new KeyServiceStatus(true, server, memberNumber, "");
            LOG.info("Registered with the key server at {} as member number {}", HostPort.text(server), memberNumber);
            firstRound.complete(null);
            listener.onLinkUp(memberNumber);
            registered.policyVersion().ifPresent(listener::onPolicy);
            return text(link.awaitDeath(config.pingInterval(), config.deadAfter()));
        } catch (IOException | RuntimeException e) {
            // A library's own fault in the middle of a handshake must not end the search for a server that works.
            return text(e);
        } finally {
            registeredLink = null;
        }
    }

    /** Said once for each server and trouble until a link stands again: a service that is down for a day fills no log. */
    private void logTrouble(InetSocketAddress server, String trouble) {
        if (trouble.equals(toldTroubles.put(server, trouble))) {
            LOG.debug("Still no key service at {}: {}", HostPort.text(server), trouble);
        } else {
            LOG.warn("No key service at {}: {}", HostPort.text(server), trouble);
        }
    }

    private SSLSocket connect(InetSocketAddress server) throws IOException {
        InetAddress address = InetAddress.getByName(server.getHostString());
        return connector.connect(new InetSocketAddress(address, server.getPort()), config.connectTimeout());
    }

    private Registered register(KeyServiceLink link) throws IOException, InterruptedException {
        try {
            return switch (link.request(member.registration()).get()) {
                case Registered(int number, OptionalLong policy) when number < 1 || number > Target.Numbered.MAX ->
                    throw new IOException("the key server gave us an impossible number, " + Integer.toUnsignedString(number));
                case Registered(int number, OptionalLong policy) when memberNumber != 0 && number != memberNumber ->
                    throw new IOException("the key server says that we are number " + number + ", but we are number " + memberNumber);
                case Registered registered -> registered;
                case Reply.Refused(var reason, String detail) -> throw new IOException("registration refused: " + reason + ' ' + detail);
                case Reply.Verdict verdict -> throw new IOException("the key server answered a registration with a review");
                case Reply.Granted(AssociationOffer offer) -> {
                    offer.destroy();
                    throw new IOException("the key server answered a registration with a key");
                }
            };
        } catch (ExecutionException e) {
            throw new IOException("registration failed", e);
        }
    }

    /** What happened and what was at the bottom of it. */
    private static String text(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root == failure ? failure.toString() : failure.getMessage() + ": " + root;
    }
}
