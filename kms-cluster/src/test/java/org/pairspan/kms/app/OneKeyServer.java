package org.pairspan.kms.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.protocol.keyservice.Association;
import org.pairspan.protocol.keyservice.Refusal;
import org.pairspan.protocol.keyservice.ServiceFrame;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.tls.TlsContexts;

/** One key server over the wire, SM2 certificates, for all tests of a class. Each test has members of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OneKeyServer {

    @TempDir
    static Path folder;
    Installation installation;
    KeyServer server;

    @BeforeAll
    void start() throws IOException {
        installation = new Installation(folder, KeyKind.SM2, 1);
        // For the one connection that is never registered, and long enough for those that are.
        Files.writeString(installation.configuration(0), "pairspan.kms.member-link.registration-timeout = 3 s\n", StandardOpenOption.APPEND);
        server = KeyServer.start(installation.configuration(0), System.out::println);
    }

    @AfterAll
    void stop() throws IOException, SQLException {
        server.close();
        assertArrayEquals(new byte[16], Arrays.copyOf(clusterRow(), 16), "the next server to start need not wait");
        afterwards();
    }

    private static byte[] clusterRow() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("journal.db"));
                PreparedStatement select = connection.prepareStatement("SELECT value FROM shared_value WHERE name = 'cluster'");
                ResultSet row = select.executeQuery()) {
            assertTrue(row.next());
            return row.getBytes(1);
        }
    }

    /** What is to be seen once the server has ended. */
    void afterwards() throws IOException {
    }

    MemberClient member(String id, long incarnation, String prefix) throws IOException {
        MemberClient client = connect(installation.member(id, prefix), incarnation);
        assertTrue(client.register(List.of(prefix), 1, 2).hasRegistered());
        return client;
    }

    MemberClient connect(TlsContexts tls, long incarnation) throws IOException {
        return new MemberClient(tls, installation.memberLink(0), incarnation);
    }

    boolean isAudited(String event, String what) throws IOException {
        return audit().lines().anyMatch(line -> line.contains("\"event\":\"" + event + '"') && line.contains(what));
    }

    String audit() throws IOException {
        return Files.readString(folder.resolve("audit-kms-1.jsonl"));
    }

    static Association granted(ServiceFrame frame) {
        assertTrue(frame.hasKeyGrant(), frame::toString);
        return frame.getKeyGrant().getAssociation();
    }

    static Refusal.Reason reason(ServiceFrame frame) {
        assertTrue(frame.hasRefusal(), frame::toString);
        return frame.getRefusal().getReason();
    }
}
