package org.pairspan.node.keyring;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLSocket;
import org.agrona.concurrent.NanoClock;
import org.pairspan.node.keyring.Reply.Granted;
import org.pairspan.node.keyring.Reply.Refused;
import org.pairspan.node.keyring.Reply.Registered;
import org.pairspan.protocol.keyservice.FrameCodec;
import org.pairspan.protocol.keyservice.InstallAck;
import org.pairspan.protocol.keyservice.MalformedMessageException;
import org.pairspan.protocol.keyservice.MemberFrame;
import org.pairspan.protocol.keyservice.Ping;
import org.pairspan.protocol.keyservice.ServiceFrame;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to one key server, from the end of the TLS handshake to its death. One thread reads, one writes; any thread may
 * send. Frames are wiped once what they carry has been taken out.
 */
final class KeyServiceLink implements AutoCloseable {
    /** Requests without an answer, and frames that wait to be written. */
    static final int MAX_OUTSTANDING = 256;

    private static final Logger LOG = LoggerFactory.getLogger(KeyServiceLink.class);

    private final SSLSocket socket;
    private final NanoClock clock;
    private final Duration requestTimeout;
    private final KeyService.Listener listener;
    private final BlockingQueue<MemberFrame> outgoing = new ArrayBlockingQueue<>(MAX_OUTSTANDING);
    private final Map<Long, CompletableFuture<Reply>> outstanding = new ConcurrentHashMap<>();
    private final AtomicLong lastCorrelationId = new AtomicLong();
    private final AtomicReference<Throwable> causeOfDeath = new AtomicReference<>();
    private final CountDownLatch dead = new CountDownLatch(1);
    private final Thread writer = Thread.ofVirtual().name("key-service-writer").unstarted(this::writeAll);
    private volatile long lastHeardNs;

    /**
     * Starts to read and write.
     *
     * @param socket   its handshake done; closed with this link.
     * @param listener of pushed associations; called by the reading thread.
     */
    KeyServiceLink(SSLSocket socket, NanoClock clock, Duration requestTimeout, KeyService.Listener listener) {
        this.socket = socket;
        this.clock = clock;
        this.requestTimeout = requestTimeout;
        this.listener = listener;
        lastHeardNs = clock.nanoTime();
        writer.start();
        Thread.ofVirtual().name("key-service-reader").start(this::readAll);
    }

    /**
     * Sends a request.
     *
     * @param body a frame without correlation id.
     * @return completes on the reading thread; exceptionally with an {@link IOException} when the link dies or is too busy, or
     *         with a {@link java.util.concurrent.TimeoutException}.
     */
    CompletableFuture<Reply> request(MemberFrame.Builder body) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        if (outstanding.size() >= MAX_OUTSTANDING) {
            reply.completeExceptionally(new IOException("too many requests wait for the key service"));
            return reply;
        }
        long id = lastCorrelationId.incrementAndGet();
        outstanding.put(id, reply);
        reply.orTimeout(requestTimeout.toNanos(), TimeUnit.NANOSECONDS).whenComplete((done, failure) -> outstanding.remove(id));
        if (!outgoing.offer(body.setCorrelationId(id).build())) {
            reply.completeExceptionally(new IOException("too many frames wait for the key service"));
        }
        if (isDead()) {
            reply.completeExceptionally(new IOException("the link to the key service is down", causeOfDeath.get()));
        }
        return reply;
    }

    /**
     * Waits until the link dies, trying it as often as asked.
     *
     * @param deadAfter a link that says nothing for so long is dead.
     * @return why it died.
     */
    Throwable awaitDeath(Duration pingInterval, Duration deadAfter) throws InterruptedException {
        while (!dead.await(pingInterval.toNanos(), TimeUnit.NANOSECONDS)) {
            long silentNs = clock.nanoTime() - lastHeardNs;
            if (silentNs >= deadAfter.toNanos()) {
                die(new IOException("the key server has said nothing for " + TimeUnit.NANOSECONDS.toMillis(silentNs) + " ms"));
            } else {
                send(MemberFrame.newBuilder().setCorrelationId(lastCorrelationId.incrementAndGet()).setPing(Ping.getDefaultInstance()));
            }
        }
        return causeOfDeath.get();
    }

    @Override
    public void close() {
        die(new IOException("closed by this node"));
    }

    private void send(MemberFrame.Builder frame) {
        if (!outgoing.offer(frame.build())) {
            die(new IOException("the key server does not take what is sent to it"));
        }
    }

    private boolean isDead() {
        return dead.getCount() == 0;
    }

    private void die(Throwable cause) {
        if (!causeOfDeath.compareAndSet(null, cause)) {
            return;
        }
        dead.countDown();
        writer.interrupt();
        outstanding.values().forEach(reply -> reply.completeExceptionally(new IOException("the link to the key service died", cause)));
        // Apart, because closing says goodbye to a server that may no longer listen.
        Thread.ofVirtual().name("key-service-closer").start(this::closeSocket);
    }

    private void closeSocket() {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("Closing a link that had died", e);
        }
    }

    private void writeAll() {
        try {
            OutputStream out = socket.getOutputStream();
            while (!isDead()) {
                out.write(FrameCodec.encode(outgoing.take()));
                out.flush();
            }
        } catch (IOException e) {
            die(e);
        } catch (InterruptedException e) {
            die(new IOException("interrupted", e));
        } catch (RuntimeException | Error e) {
            dieUnexpectedly(e);
        }
    }

    private void readAll() {
        try {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] prefix = new byte[FrameCodec.PREFIX_LENGTH];
            while (!isDead()) {
                in.readFully(prefix);
                byte[] body = new byte[FrameCodec.bodyLength(prefix)];
                try {
                    in.readFully(body);
                    lastHeardNs = clock.nanoTime();
                    onFrame(FrameCodec.parseService(body));
                } finally {
                    Arrays.fill(body, (byte) 0);
                }
            }
        } catch (IOException | MalformedMessageException e) {
            die(e);
        } catch (RuntimeException | Error e) {
            dieUnexpectedly(e);
        }
    }

    /** A link without its reader or its writer must not pass for one that lives. */
    private void dieUnexpectedly(Throwable fault) {
        LOG.error("The link to the key service ends after an error in this node", fault);
        die(fault);
    }

    private void onFrame(ServiceFrame frame) throws MalformedMessageException {
        long id = frame.getCorrelationId();
        switch (frame.getBodyCase()) {
            case REGISTERED -> onReply(id, new Registered(frame.getRegistered().getMemberNumber(), frame.getRegistered().hasPolicyVersion()
                    ? OptionalLong.of(frame.getRegistered().getPolicyVersion()) : OptionalLong.empty()));
            case POLICY_CHANGED -> listener.onPolicy(frame.getPolicyChanged().getPolicyVersion());
            case POLICY_VERDICT -> onReply(id, new Reply.Verdict(List.copyOf(frame.getPolicyVerdict().getDeniedList()),
                    List.copyOf(frame.getPolicyVerdict().getChangedList())));
            case KEY_GRANT -> onReply(id, new Granted(AssociationOffer.of(frame.getKeyGrant().getAssociation())));
            case REFUSAL -> onReply(id, new Refused(frame.getRefusal().getReason(), frame.getRefusal().getDetail()));
            case INSTALL -> onInstall(AssociationOffer.of(frame.getInstall().getAssociation()), frame.getInstall().getPrepare(), id);
            case KEY_STEP -> listener.onStep(frame.getKeyStep(), new Acknowledgement(id));
            case REVOCATIONS -> listener.onRevoked(frame.getRevocations().getMemberNumbersList());
            case PONG, BODY_NOT_SET -> {
                // A sign of life, which every frame is.
            }
        }
    }

    private void onInstall(AssociationOffer offer, boolean prepare, long id) {
        if (prepare) {
            listener.onPrepare(offer, new Acknowledgement(id));
        } else {
            listener.onInstall(offer, new Acknowledgement(id));
        }
    }

    private void onReply(long id, Reply reply) {
        CompletableFuture<Reply> asked = outstanding.get(id);
        boolean taken = asked != null && asked.complete(reply);
        if (!taken && reply instanceof Granted(AssociationOffer offer)) {
            offer.destroy();
        }
    }

    private final class Acknowledgement implements KeyService.InstallReply {
        private final long id;

        Acknowledgement(long id) {
            this.id = id;
        }

        @Override
        public void installed() {
            acknowledge(InstallAck.newBuilder().setInstalled(true));
        }

        @Override
        public void refused(String reason) {
            acknowledge(InstallAck.newBuilder().setInstalled(false).setReason(reason));
        }

        private void acknowledge(InstallAck.Builder ack) {
            send(MemberFrame.newBuilder().setCorrelationId(id).setInstallAck(ack));
        }
    }
}
