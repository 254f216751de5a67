package org.pairspan.cli.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.cli.failure.FailureReport;
import org.pairspan.protocol.keyservice.EnrolmentAnswer;
import org.pairspan.protocol.keyservice.EnrolmentRefusal;
import org.pairspan.protocol.keyservice.FrameCodec;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.identity.Role;
import org.pairspan.runtime.pki.CertificateAuthority;
import org.pairspan.runtime.tls.TlsContexts;
import org.pairspan.runtime.tls.TlsIdentity;
import picocli.CommandLine;

/** What goes wrong at an enrolment is told in one line, with what to do. */
@Timeout(60)
class EnrolCommandTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final String STILL_GOOD = "The token is still good: give the same command again";

    @TempDir
    Path folder;

    private TlsContexts tls;

    /** What a server does with its only connection. */
    @FunctionalInterface
    private interface Conversation {
        void with(Socket accepted) throws IOException;
    }

    @BeforeEach
    void prepare() throws IOException {
        for (String name : new String[] {"ca", "other"}) {
            CertificateAuthority authority = CertificateAuthority.create("authority", KeyKind.ECDSA_P256, DAY.multipliedBy(2), Clock.systemUTC());
            authority.own().write(folder, name);
            authority.issueKms("kms-1", KeyKind.ECDSA_P256, DAY).write(folder, name + "-kms");
        }
        tls = TlsContexts.of(TlsIdentity.load(folder.resolve("ca-kms.crt"), folder.resolve("ca-kms.key"), folder.resolve("ca.crt")));
        Files.writeString(Files.createFile(folder.resolve("token"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))),
            "site-a:" + "A".repeat(43));
    }

    @Test
    void aPortAtWhichNobodyListens() throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        told(enrol(port, "ca"), "no key server can be reached at 127.0.0.1:" + port, "packet filters", STILL_GOOD);
    }

    @Test
    void anotherAuthority() throws IOException {
        told(enrolAt("other", accepted -> tls.serverSocketForStrangers(accepted).startHandshake()),
            "is no key server that " + folder.resolve("other.crt") + " vouches for", "Is that the ca.crt of this key service", STILL_GOOD);
    }

    @Test
    void thePortForMembersWithCertificates() throws IOException {
        told(enrolAt("ca", accepted -> tls.serverSocket(accepted, Role.MEMBER).startHandshake()), "broke off: ", "Is that an enrolment port", STILL_GOOD);
    }

    @Test
    void aPortThatHangsUp() throws IOException {
        told(enrolAt("ca", accepted -> tls.serverSocketForStrangers(accepted).close()), "broke off: ", "Is that an enrolment port", STILL_GOOD);
    }

    @Test
    void aServerThatHangsUpWithoutAnAnswer() throws IOException {
        told(enrolAt("ca", accepted -> {
            try (SSLSocket secure = tls.serverSocketForStrangers(accepted)) {
                secure.startHandshake();
                DataInputStream request = new DataInputStream(secure.getInputStream());
                request.readFully(new byte[request.readInt()]);
            }
        }), "broke off: the connection ended before there was an answer", STILL_GOOD);
    }

    @Test
    void aTokenThatIsRefused() throws IOException {
        told(enrolAt("ca", accepted -> {
            SSLSocket secure = tls.serverSocketForStrangers(accepted);
            secure.startHandshake();
            secure.getOutputStream().write(FrameCodec.encode(EnrolmentAnswer.newBuilder().setRefusal(EnrolmentRefusal.getDefaultInstance()).build()));
            secure.getOutputStream().flush();
            secure.getInputStream().readAllBytes();
        }), "used, expired, or not its own", "audit log", "pairspan ctl enrol site-a");
    }

    private static void told(String message, String... parts) {
        assertEquals(1, message.lines().count(), message);
        assertFalse(message.contains("null"), message);
        for (String part : parts) {
            assertTrue(message.contains(part), () -> "'" + part + "' is not in " + message);
        }
    }

    private String enrolAt(String authority, Conversation conversation) throws IOException {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread server = Thread.ofVirtual().start(() -> {
                try (Socket accepted = listening.accept()) {
                    conversation.with(accepted);
                } catch (IOException e) {
                    // The other end breaks off, which is what this is about: what it tells is looked at.
                }
            });
            String message = enrol(listening.getLocalPort(), authority);
            server.interrupt();
            return message;
        }
    }

    private String enrol(int port, String authority) {
        StringWriter err = new StringWriter();
        CommandLine command = new CommandLine(new EnrolCommand()).setExecutionExceptionHandler(new FailureReport()).setErr(new PrintWriter(err, true));
        assertEquals(1, command.execute("--kms", "127.0.0.1:" + port, "--token-file", folder.resolve("token").toString(),
            "--authority", folder.resolve(authority + ".crt").toString(), "--out", folder.resolve("node").toString()), err::toString);
        return err.toString();
    }
}
