package org.pairspan.benchmarks.kms;

import com.google.protobuf.ByteString;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLSocket;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.keyservice.Addresses;
import org.pairspan.protocol.keyservice.FrameCodec;
import org.pairspan.protocol.keyservice.InstallAck;
import org.pairspan.protocol.keyservice.KeyRequest;
import org.pairspan.protocol.keyservice.MalformedMessageException;
import org.pairspan.protocol.keyservice.MemberFrame;
import org.pairspan.protocol.keyservice.Register;
import org.pairspan.protocol.keyservice.ServiceFrame;
import org.pairspan.runtime.identity.Role;
import org.pairspan.runtime.tls.TlsContexts;

/** One member's connection to a key server, as small as can be: asks for keys, acknowledges what is pushed. Safe for several threads. */
final class LoadMember implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MOST_OUTSTANDING = 16;

    private final String id;
    private final long incarnation;
    private final byte[] address;
    private final SSLSocket socket;
    private final DataInputStream in;
    private final ReentrantLock writing = new ReentrantLock();
    private final AtomicLong lastId = new AtomicLong();
    private final Map<Long, CompletableFuture<ServiceFrame>> outstanding = new ConcurrentHashMap<>();
    /** More than the service answers at once would wait in TCP, in front of the acknowledgements that answers wait for. */
    private final Semaphore room = new Semaphore(MOST_OUTSTANDING);

    /** Connects and registers one address. */
    LoadMember(TlsContexts tls, InetSocketAddress server, IpPrefix prefix, long incarnation) throws IOException {
        id = tls.identity().identity().id();
        this.incarnation = incarnation;
        address = prefix.address();
        socket = tls.connect(server, Role.KMS, PATIENCE);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 8192));
        send(MemberFrame.newBuilder().setCorrelationId(lastId.incrementAndGet()).setRegister(Register.newBuilder().setMemberId(id)
                .setIncarnation(incarnation).setBearer(Addresses.message(new InetSocketAddress("192.0.2.1", 4710)))
                .addPrefixes(Addresses.message(prefix)).addSuites(Suite.AES_256_GCM.wireNumber())).build());
        ServiceFrame first = read();
        if (!first.hasRegistered()) {
            socket.close();
            throw new IOException(id + " is not registered: " + first.getRefusal());
        }
        Thread.ofVirtual().name("member-" + id).start(this::readUntilClosed);
    }

    byte[] address() {
        return address;
    }

    /**
     * Asks for the key shared with the owner of an address, and waits.
     *
     * @return false where it was refused
     */
    boolean ask(byte[] peer) {
        room.acquireUninterruptibly();
        long number = lastId.incrementAndGet();
        CompletableFuture<ServiceFrame> answer = new CompletableFuture<>();
        outstanding.put(number, answer);
        try {
            send(MemberFrame.newBuilder().setCorrelationId(number).setKeyRequest(KeyRequest.newBuilder().setMemberId(id)
                    .setIncarnation(incarnation).setPeerAddress(ByteString.copyFrom(peer))).build());
            return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).hasKeyGrant();
        } catch (IOException e) {
            throw new UncheckedIOException(id + " cannot ask", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(id + " was not answered", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            outstanding.remove(number);
            room.release();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void send(MemberFrame frame) throws IOException {
        byte[] bytes = FrameCodec.encode(frame);
        writing.lock();
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } finally {
            writing.unlock();
        }
    }

    private void readUntilClosed() {
        try {
            while (true) {
                ServiceFrame frame = read();
                if (frame.hasInstall()) {
                    send(MemberFrame.newBuilder().setCorrelationId(frame.getCorrelationId())
                            .setInstallAck(InstallAck.newBuilder().setInstalled(true)).build());
                } else {
                    CompletableFuture<ServiceFrame> waiting = outstanding.get(frame.getCorrelationId());
                    if (waiting != null) {
                        waiting.complete(frame);
                    }
                }
            }
        } catch (IOException e) {
            outstanding.values().forEach(waiting -> waiting.completeExceptionally(e));
        }
    }

    private ServiceFrame read() throws IOException {
        try {
            byte[] prefix = new byte[FrameCodec.PREFIX_LENGTH];
            in.readFully(prefix);
            byte[] body = new byte[FrameCodec.bodyLength(prefix)];
            in.readFully(body);
            return FrameCodec.parseService(body);
        } catch (MalformedMessageException e) {
            throw new IOException("not a frame of the key service", e);
        }
    }
}
