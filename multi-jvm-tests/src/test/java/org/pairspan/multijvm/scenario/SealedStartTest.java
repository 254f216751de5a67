package org.pairspan.multijvm.scenario;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.cli.lab.LabPki;
import org.pairspan.cli.lab.LabProcess;
import org.pairspan.cli.lab.LabResources;
import org.pairspan.multijvm.harness.OwnKeyServers;
import org.pairspan.multijvm.harness.PairspanCommand;
import org.pairspan.postgres.ListeningPort;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.keyservice.Addresses;
import org.pairspan.protocol.keyservice.FrameCodec;
import org.pairspan.protocol.keyservice.KeyRequest;
import org.pairspan.protocol.keyservice.MalformedMessageException;
import org.pairspan.protocol.keyservice.MemberFrame;
import org.pairspan.protocol.keyservice.Register;
import org.pairspan.protocol.keyservice.ServiceFrame;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.identity.Role;
import org.pairspan.runtime.tls.TlsContexts;
import org.pairspan.runtime.tls.TlsIdentity;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLSocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A key server whose master key is in three shares, from the ceremony to the change of the master key, by the commands an operator types. */
@OwnKeyServers
@Timeout(600)
class SealedStartTest {

    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final List<String> JVM = List.of("-Djava.rmi.server.hostname=127.0.0.1");
    private static final long LOOK_AGAIN_NS = 20_000_000;
    private static final String A = "sealed-a";
    private static final String B = "sealed-b";

    @TempDir
    private Path folder;
    private LabResources resources;
    private LabPki pki;
    private int clusterPort;
    private int memberPort;
    private int starts;
    private int commands;

    @BeforeEach
    void install() throws IOException {
        resources = new LabResources();
        pki = new LabPki(folder.resolve("pki"), KeyKind.ECDSA_P256);
        pki.issueKms("kms-sealed");
        pki.issueMember(A, List.of("10.1.0.0/16"));
        pki.issueMember(B, List.of("10.2.0.0/16"));
        clusterPort = ListeningPort.free("127.0.0.1");
        memberPort = ListeningPort.free("127.0.0.1");
    }

    @AfterEach
    void leaveNothing() {
        resources.close();
    }

    @Test
    void operatorsUnsealSealAndChangeTheMasterKeyAndThePairKeepsItsKey() throws Exception {
        pairspan(0, "pki", "master-key", "--shares", "3", "--threshold", "2", "--dir", folder.toString());
        final LabProcess first = start("provider = shares");
        final String sealed = first.awaitLine(" sealed: ", LIMIT);
        assertTrue(sealed.contains("ctl unseal"), sealed);
        assertThrows(ConnectException.class, () -> register(A, "10.1.0.0/16").close(), "nobody is served");

        assertTrue(unseal(first, 0, 1).contains("1 of 2 shares"));
        assertTrue(ctl(first, 0, "status").matches("(?s).*state +sealed.*"));
        assertTrue(unseal(first, 0, 3).contains("is unsealed"));
        first.awaitLine(" ready: ", LIMIT);
        final ByteString key = pairKey();

        assertTrue(ctl(first, 0, "seal").contains("is sealed"));
        assertTrue(unseal(first, 0, 2).contains("1 of 2 shares"));
        assertTrue(unseal(first, 0, 1).contains("is unsealed"));
        awaitReadyAgain(first);
        assertEquals(key, pairKey());

        final Path newKey = folder.resolve("pki/master.key");
        assertTrue(ctl(first, 0, "master-key", "rotate", "--to", "file", "--file", newKey.toString(), "--current", share(1),
            "--current", share(2)).contains("wrapping 2, by file"));
        assertEquals(key, pairKey());
        first.kill();

        final LabProcess old = start("provider = shares");
        assertNotEquals(0, old.awaitEnd(LIMIT));
        assertTrue(old.tail(30).contains("must be file"), () -> old.tail(30));

        final LabProcess last = start("master-key-file = \"" + newKey + "\"");
        last.awaitLine(" ready: ", LIMIT);
        assertEquals(key, pairKey());
    }

    private LabProcess start(String sealing) throws IOException {
        final Path config = Files.writeString(folder.resolve("kms-sealed.conf"), """
            pairspan.kms {
              name = kms-sealed
              identity { certificate = "%s", private-key = "%s", authority = "%s" }
              cluster { host = "127.0.0.1", port = %d, seeds = ["127.0.0.1:%d"] }
              member-link { host = "127.0.0.1", port = %d }
              journal { file = "journal.db", sync = false }
              sealing { %s }
            }
            """.formatted(pki.certificate("kms-sealed"), pki.privateKey("kms-sealed"), pki.authority(), clusterPort, clusterPort, memberPort, sealing));
        return resources.closing(LabProcess.start(null, "kms-sealed-" + ++starts, folder.resolve("logs"),
            PairspanCommand.of(JVM, List.of("kms", "--config", config.toString()))));
    }

    /** It says so each time it begins to serve. */
    private static void awaitReadyAgain(LabProcess server) {
        final long start = System.nanoTime();
        while (server.linesWith(" ready: ").size() < 2) {
            assertTrue(server.alive() && System.nanoTime() - start < LIMIT.toNanos(), () -> server.tail(30));
            LockSupport.parkNanos(LOOK_AGAIN_NS);
        }
    }

    private String unseal(LabProcess server, int code, int share) throws IOException {
        return ctl(server, code, "unseal", "--secret-file", share(share));
    }

    private String share(int number) {
        return folder.resolve("share-" + number + "-of-3.txt").toString();
    }

    private String ctl(LabProcess server, int code, String... arguments) throws IOException {
        final List<String> command = new ArrayList<>(List.of("ctl"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--pid", Long.toString(server.pid())));
        return pairspan(code, command.toArray(String[]::new));
    }

    /** Runs a command to its end, and returns what it said. */
    private String pairspan(int code, String... arguments) throws IOException {
        final LabProcess command = resources.closing(LabProcess.start(null, "command-" + ++commands, folder.resolve("logs"),
            PairspanCommand.of(JVM, List.of(arguments))));
        assertEquals(code, command.awaitEnd(LIMIT), () -> String.join(" ", arguments) + ": " + command.tail(30));
        return command.tail(200);
    }

    /** As B is told it; A registers first, so that the directory knows it. */
    private ByteString pairKey() throws IOException, MalformedMessageException {
        register(A, "10.1.0.0/16").close();
        try (SSLSocket b = register(B, "10.2.0.0/16")) {
            final ServiceFrame answer = ask(b, MemberFrame.newBuilder().setKeyRequest(KeyRequest.newBuilder().setMemberId(B).setIncarnation(1)
                .setPeerAddress(ByteString.copyFrom(new byte[] {10, 1, 0, 1}))));
            assertTrue(answer.hasKeyGrant(), answer::toString);
            assertFalse(answer.getKeyGrant().getAssociation().getPairKey().isEmpty());
            return answer.getKeyGrant().getAssociation().getPairKey();
        }
    }

    private SSLSocket register(String id, String prefix) throws IOException, MalformedMessageException {
        final TlsContexts tls = TlsContexts.of(TlsIdentity.load(pki.certificate(id), pki.privateKey(id), pki.authority()));
        final SSLSocket socket = tls.connect(new InetSocketAddress("127.0.0.1", memberPort), Role.KMS, Duration.ofSeconds(10));
        final ServiceFrame answer = ask(socket, MemberFrame.newBuilder().setRegister(Register.newBuilder().setMemberId(id).setIncarnation(1)
            .setBearer(Addresses.message(new InetSocketAddress("192.0.2.1", 4710))).addPrefixes(Addresses.message(IpPrefix.parse(prefix)))
            .addSuites(Suite.AES_256_GCM.wireNumber())));
        assertTrue(answer.hasRegistered(), answer::toString);
        return socket;
    }

    private static ServiceFrame ask(SSLSocket socket, MemberFrame.Builder question) throws IOException, MalformedMessageException {
        socket.setSoTimeout((int) LIMIT.toMillis());
        socket.getOutputStream().write(FrameCodec.encode(question.setCorrelationId(7).build()));
        final DataInputStream in = new DataInputStream(socket.getInputStream());
        while (true) {
            final byte[] prefix = new byte[FrameCodec.PREFIX_LENGTH];
            in.readFully(prefix);
            final byte[] body = new byte[FrameCodec.bodyLength(prefix)];
            in.readFully(body);
            final ServiceFrame frame = FrameCodec.parseService(body);
            if (frame.getCorrelationId() == 7) {
                return frame;
            }
        }
    }
}
