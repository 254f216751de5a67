package org.pairspan.kms.enrolment;

import com.google.protobuf.ByteString;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.apache.pekko.Done;
import org.pairspan.kms.endpoint.SourceNetwork;
import org.pairspan.kms.rate.RateLimit;
import org.pairspan.kms.rate.RateLimits;
import org.pairspan.protocol.keyservice.CertificateChain;
import org.pairspan.protocol.keyservice.EnrolmentAnswer;
import org.pairspan.protocol.keyservice.EnrolmentFrames;
import org.pairspan.protocol.keyservice.EnrolmentRefusal;
import org.pairspan.protocol.keyservice.EnrolmentRequest;
import org.pairspan.protocol.keyservice.FrameCodec;
import org.pairspan.runtime.identity.GrantedPrefixes;
import org.pairspan.runtime.tls.TlsContexts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port where members get certificates, with a token or with the certificate they have. One question for each connection, within
 * {@link #DEADLINE}; {@link #MOST_CONNECTIONS} at once, and so many of one network as {@link #ATTEMPTS} says. Whoever comes
 * without a certificate reaches nothing but this.
 */
final class EnrolmentServer {

    static final Duration DEADLINE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(EnrolmentServer.class);
    private static final int MOST_CONNECTIONS = 64;
    private static final int BACKLOG = 128;
    /** Each costs a handshake and a record. */
    private static final RateLimit ATTEMPTS = new RateLimit(10, Duration.ofSeconds(1));
    private static final int NETWORKS_REMEMBERED = 10_000;
    private static final long SHORTEST_PAUSE_MS = 10;
    private static final long LONGEST_PAUSE_MS = 1_000;

    private final ServerSocket listener;
    private final TlsContexts tls;
    private final Enroller enroller;
    private final EnrolmentCounters counters;
    private final RateLimits<String> limit = new RateLimits<>(ATTEMPTS, NETWORKS_REMEMBERED, System::nanoTime);
    private final Pause pause;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Semaphore connections = new Semaphore(MOST_CONNECTIONS);
    private final ScheduledExecutorService deadlines =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("enrolment-deadlines").daemon(true).factory());

    private long pauseMs;

    /** Lets time pass between two tries to take a connection. */
    @FunctionalInterface
    interface Pause {

        /**
         * Waits for so long, or until the server is stopped.
         *
         * @return whether it was stopped
         */
        boolean await(CountDownLatch stopped, long milliseconds) throws InterruptedException;
    }

    private EnrolmentServer(ServerSocket listener, TlsContexts tls, Enroller enroller, EnrolmentCounters counters, Pause pause) {
        this.listener = listener;
        this.tls = tls;
        this.enroller = enroller;
        this.counters = counters;
        this.pause = pause;
    }

    /** Begins to listen. */
    static EnrolmentServer bind(InetSocketAddress address, TlsContexts tls, Enroller enroller, EnrolmentCounters counters)
            throws IOException {
        ServerSocket listener = new ServerSocket();
        try {
            listener.setReuseAddress(true);
            listener.bind(address, BACKLOG);
        } catch (IOException e) {
            listener.close();
            throw e;
        }
        return serve(listener, tls, enroller, counters, (stopped, milliseconds) -> stopped.await(milliseconds, TimeUnit.MILLISECONDS));
    }

    static EnrolmentServer serve(ServerSocket listener, TlsContexts tls, Enroller enroller, EnrolmentCounters counters, Pause pause) {
        EnrolmentServer server = new EnrolmentServer(listener, tls, enroller, counters, pause);
        Thread.ofPlatform().name("enrolment").daemon(true).start(server::acceptAll);
        return server;
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                accept(listener.accept());
                pauseMs = 0;
            } catch (IOException e) {
                if (listener.isClosed()) {
                    LOG.debug("the enrolment port is closed", e);
                } else {
                    pause(e);
                }
            }
        }
    }

    /** No descriptor is left, most likely: asking again at once would only take the processor, too. */
    private void pause(IOException failure) {
        counters.failedAccepts.increment();
        pauseMs = Math.clamp(2 * pauseMs, SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS);
        LOG.warn("no connection for enrolment can be taken, next try in {} ms: {}", pauseMs, failure.toString());
        try {
            if (pause.await(stopped, pauseMs)) {
                LOG.debug("the enrolment port is closed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close(listener);
        }
    }

    private void accept(Socket accepted) throws IOException {
        if (!limit.admits(SourceNetwork.of(accepted.getInetAddress())) || !connections.tryAcquire()) {
            counters.turnedAway.increment();
            enroller.turnedAway((InetSocketAddress) accepted.getRemoteSocketAddress());
            accepted.close();
            return;
        }
        Thread.ofVirtual().name("enrolment-of-" + accepted.getInetAddress().getHostAddress()).start(() -> {
            try {
                serve(accepted);
            } finally {
                connections.release();
            }
        });
    }

    private void serve(Socket accepted) {
        try (accepted) {
            ScheduledFuture<?> deadline = deadlines.schedule(() -> close(accepted), DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
            try {
                exchange(accepted);
            } finally {
                deadline.cancel(false);
            }
        } catch (IOException | RuntimeException e) {
            // Bouncy Castle answers damaged handshakes with runtime exceptions, too; whoever sends them ends nothing but his own connection.
            counters.failed.increment();
            LOG.debug("a connection for enrolment from {} failed", accepted.getRemoteSocketAddress(), e);
        }
    }

    private void exchange(Socket accepted) throws IOException {
        try (SSLSocket socket = tls.serverSocketForStrangers(accepted)) {
            socket.startHandshake();
            EnrolmentRequest request = EnrolmentFrames.readRequest(socket.getInputStream());
            EnrolmentAnswer answer = answer(request, socket.getSession(), (InetSocketAddress) accepted.getRemoteSocketAddress());
            socket.getOutputStream().write(FrameCodec.encode(answer));
            socket.getOutputStream().flush();
        }
    }

    private EnrolmentAnswer answer(EnrolmentRequest request, SSLSession session, InetSocketAddress from) throws IOException {
        byte[] certificateRequest = request.getCertificateRequest().toByteArray();
        Enroller.Outcome outcome = request.getToken().isEmpty()
                ? enroller.renew(member(session), certificateRequest, from)
                : enroller.enrol(request.getToken().toByteArray(), certificateRequest, from);
        return switch (outcome) {
            case Enroller.Outcome.Granted granted -> {
                counters.granted.increment();
                yield EnrolmentAnswer.newBuilder().setCertificate(chain(granted.chain())).build();
            }
            case Enroller.Outcome.Refused refused -> {
                counters.refused.increment();
                yield EnrolmentAnswer.newBuilder().setRefusal(EnrolmentRefusal.getDefaultInstance()).build();
            }
            case Enroller.Outcome.Unavailable unavailable -> {
                counters.failed.increment();
                yield EnrolmentAnswer.newBuilder().setRefusal(EnrolmentRefusal.newBuilder().setAskAgain(true)).build();
            }
        };
    }

    private static CertificateChain chain(List<byte[]> certificates) {
        CertificateChain.Builder chain = CertificateChain.newBuilder();
        certificates.forEach(certificate -> chain.addCertificates(ByteString.copyFrom(certificate)));
        return chain.build();
    }

    private static Enroller.Member member(SSLSession session) throws IOException {
        try {
            return new Enroller.Member(TlsContexts.peerIdentity(session).id(), GrantedPrefixes.of(TlsContexts.peerCertificate(session)));
        } catch (SSLPeerUnverifiedException | CertificateException e) {
            throw new IOException("a request without token from somebody without certificate", e);
        }
    }

    private static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.warn("a socket for enrolment does not close", e);
        }
    }

    /** Takes no more connections; those under way end at their deadline or with their answer. */
    CompletionStage<Done> stop() {
        close(listener);
        stopped.countDown();
        deadlines.shutdown();
        return CompletableFuture.completedStage(Done.getInstance());
    }
}
