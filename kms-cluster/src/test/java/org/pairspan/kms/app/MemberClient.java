package org.pairspan.kms.app;

import com.google.protobuf.ByteString;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.keyservice.Endpoint;
import org.pairspan.protocol.keyservice.Install;
import org.pairspan.protocol.keyservice.InstallAck;
import org.pairspan.protocol.keyservice.KeyRequest;
import org.pairspan.protocol.keyservice.KeyStep;
import org.pairspan.protocol.keyservice.MemberFrame;
import org.pairspan.protocol.keyservice.Prefix;
import org.pairspan.protocol.keyservice.Register;
import org.pairspan.protocol.keyservice.ServiceFrame;
import org.pairspan.runtime.identity.Role;
import org.pairspan.runtime.tls.TlsContexts;

/** A member as small as can be: one connection, whose reader acknowledges installs and keeps them. Asks one thing at a time. */
final class MemberClient implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Stands behind the last answer of a connection, whoever ended it. */
    private static final ServiceFrame ENDED = ServiceFrame.newBuilder().build();

    private final String id;
    private final long incarnation;
    private final SSLSocket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final BlockingQueue<Long> policyVersions = new LinkedBlockingQueue<>();
    private final Queue<Install> installs = new ConcurrentLinkedQueue<>();
    private final Queue<KeyStep> steps = new ConcurrentLinkedQueue<>();
    private final Queue<Integer> revoked = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<ServiceFrame> answers = new LinkedBlockingQueue<>();
    private final Thread reader;
    private long correlation;

    MemberClient(TlsContexts tls, InetSocketAddress address, long incarnation) throws IOException {
        id = tls.identity().identity().id();
        this.incarnation = incarnation;
        socket = tls.connect(address, Role.KMS, PATIENCE);
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
        reader = Thread.ofPlatform().daemon().name("member " + id).start(this::readUntilClosed);
    }

    private void readUntilClosed() {
        try {
            while (true) {
                ServiceFrame frame = ServiceFrame.parseFrom(in.readNBytes(in.readInt()));
                if (frame.hasPolicyChanged()) {
                    policyVersions.add(frame.getPolicyChanged().getPolicyVersion());
                } else if (frame.hasRevocations()) {
                    revoked.addAll(frame.getRevocations().getMemberNumbersList());
                } else if (frame.hasInstall() || frame.hasKeyStep()) {
                    if (frame.hasInstall()) {
                        installs.add(frame.getInstall());
                    } else {
                        steps.add(frame.getKeyStep());
                    }
                    send(MemberFrame.newBuilder().setCorrelationId(frame.getCorrelationId())
                            .setInstallAck(InstallAck.newBuilder().setInstalled(true)).build().toByteArray());
                } else {
                    answers.add(frame);
                }
            }
        } catch (IOException closed) {
            answers.add(ENDED);
        }
    }

    ServiceFrame register(List<String> prefixes, Integer... suites) throws IOException {
        return register(id, prefixes, suites);
    }

    ServiceFrame register(String asId, List<String> prefixes, Integer... suites) throws IOException {
        Register.Builder register = Register.newBuilder().setMemberId(asId).setIncarnation(incarnation)
                .setBearer(Endpoint.newBuilder().setAddress(ByteString.copyFrom(new byte[] {10, 9, 8, 7})).setPort(4500))
                .addAllSuites(List.of(suites));
        for (String prefix : prefixes) {
            IpPrefix parsed = IpPrefix.parse(prefix);
            register.addPrefixes(Prefix.newBuilder().setAddress(ByteString.copyFrom(parsed.address())).setLength(parsed.length()));
        }
        return ask(MemberFrame.newBuilder().setRegister(register));
    }

    ServiceFrame request(String address, long above) throws IOException {
        return request(id, address, above);
    }

    ServiceFrame request(String asId, String address, long above) throws IOException {
        return ask(MemberFrame.newBuilder().setKeyRequest(KeyRequest.newBuilder().setMemberId(asId).setIncarnation(incarnation)
                .setPeerAddress(ByteString.copyFrom(InetAddress.getByName(address).getAddress())).setAboveGeneration(above)));
    }

    ServiceFrame request(int number) throws IOException {
        return ask(MemberFrame.newBuilder().setKeyRequest(KeyRequest.newBuilder().setMemberId(id).setIncarnation(incarnation)
                .setPeerNumber(number)));
    }

    ServiceFrame ask(MemberFrame.Builder frame) throws IOException {
        long expected = ++correlation;
        send(frame.setCorrelationId(expected).build().toByteArray());
        ServiceFrame answer = read();
        if (answer.getCorrelationId() != expected) {
            throw new IOException("an answer to another question: " + answer);
        }
        return answer;
    }

    void send(byte[] content) throws IOException {
        sendRaw(ByteBuffer.allocate(Integer.BYTES + content.length).putInt(content.length).put(content).array());
    }

    synchronized void sendRaw(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** The next frame that is no install. */
    ServiceFrame read() throws IOException {
        try {
            ServiceFrame frame = answers.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (frame == null) {
                throw new IOException("no answer to " + id + " within " + PATIENCE.toSeconds() + " s");
            }
            if (frame == ENDED) {
                throw new EOFException("the connection of " + id + " has ended");
            }
            return frame;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    /** The next version of the policy that the service tells of. */
    long policyVersion() throws IOException {
        try {
            Long version = policyVersions.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (version == null) {
                throw new IOException(id + " was told of no policy within " + PATIENCE.toSeconds() + " s");
            }
            return version;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    Queue<Install> installs() {
        return installs;
    }

    /** Steps of updates, all acknowledged. */
    Queue<KeyStep> steps() {
        return steps;
    }

    /** Numbers of members that are revoked. */
    Queue<Integer> revoked() {
        return revoked;
    }

    /** Waits for the service to close the connection. */
    boolean isClosedByService() throws IOException {
        try {
            return reader.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
