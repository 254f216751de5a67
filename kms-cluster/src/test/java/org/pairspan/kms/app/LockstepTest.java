package org.pairspan.kms.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.management.JMX;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.pairspan.kms.policy.keeping.KeyPolicyMXBean;
import org.pairspan.kms.revocation.MembersMXBean;
import org.pairspan.kms.update.KeyUpdatesMXBean;
import org.pairspan.protocol.keyservice.Association;
import org.pairspan.protocol.keyservice.KeyStep;
import org.pairspan.protocol.keyservice.Refusal;
import org.pairspan.protocol.keyservice.ServiceFrame;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.tls.TlsContexts;

/** Updates of keys and revocation of members, over the wire and as operators begin them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Isolated("its bound on time is tight")
class LockstepTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    /** A second, and two for a machine that has other things to do. */
    private static final long WITHIN_MS = 3_000;

    @TempDir
    static Path folder;
    private Installation installation;
    private KeyServer server;
    private KeyUpdatesMXBean updates;
    private MembersMXBean members;

    @BeforeAll
    void start() throws Exception {
        installation = new Installation(folder, KeyKind.ECDSA_P256, 1);
        Files.writeString(installation.configuration(0), """

                pairspan.kms.key-update { grace = 100 ms, again = 200 ms, step-timeout = 2 s }
                pairspan.kms.member-link.registration-timeout = 20 s
                """, StandardOpenOption.APPEND);
        server = KeyServer.start(installation.configuration(0), System.out::println);
        updates = bean(KeyUpdatesMXBean.class, "KeyUpdates");
        members = bean(MembersMXBean.class, "Members");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void aKeyIsPreparedActivatedAndRetiredAtBothAndTheOldOneIsErased() throws Exception {
        try (MemberClient a = member("up-a", 11, "10.1.0.0/16"); MemberClient b = member("up-b", 22, "10.2.0.0/16")) {
            Association first = granted(b.request("10.1.2.3", 0));
            long update = updates.rotatePair("test", "up-b", "up-a");
            await(() -> a.steps().size() == 2 && b.steps().size() == 2);
            for (MemberClient member : List.of(a, b)) {
                assertEquals(List.of(KeyStep.Step.ACTIVATE, KeyStep.Step.RETIRE), member.steps().stream().map(KeyStep::getStep).toList());
                assertEquals(1, member.installs().stream().filter(install -> install.getPrepare()
                        && install.getAssociation().getKeyVersion() == 2).count());
            }
            await(() -> List.of(updates.getUpdates()).stream().anyMatch(line -> line.startsWith(update + " done")));
            Association second = granted(b.request("10.1.2.3", 0));
            assertEquals(2, second.getKeyVersion());
            assertNotEquals(first.getPairKey(), second.getPairKey());
            assertTrue(second.getGeneration() > first.getGeneration());
            await(() -> left("pair-key|up-a~up-b") == 0);
        }
    }

    @Test
    void anUpdateWaitsForAMemberThatIsAwayAndCanBeCancelled() throws Exception {
        try (MemberClient a = member("away-a", 11, "10.3.0.0/16")) {
            try (MemberClient b = member("away-b", 22, "10.4.0.0/16")) {
                granted(b.request("10.3.2.3", 0));
            }
            long update = updates.rotateMember("test", "away-a");
            await(() -> List.of(updates.getPairs()).contains("away-a~away-b: away-b is not connected"));
            assertEquals(1, granted(a.request("10.4.0.1", 0)).getKeyVersion());
            updates.cancel("test", update);
            await(() -> List.of(updates.getUpdates()).stream().anyMatch(line -> line.startsWith(update + " cancelled")));
            assertThrows(IllegalStateException.class, () -> updates.cancel("test", update));
            assertTrue(a.steps().isEmpty());
        }
    }

    @Test
    void anUpdateThatThePolicyForbidsEndsAndSaysSo() throws Exception {
        try (MemberClient a = member("no-a", 11, "10.7.0.0/16"); MemberClient b = member("no-b", 22, "10.8.0.0/16")) {
            granted(b.request("10.7.2.3", 0));
            KeyPolicyMXBean policy = bean(KeyPolicyMXBean.class, "KeyPolicy");
            policy.apply("test", 0, "apart", "key-policy { rules = [ { name = apart, action = deny, between = no-a, and = no-b },"
                    + " { name = others, action = allow, between = \"*\", and = \"*\" } ] }");
            long update = updates.rotatePair("test", "no-a", "no-b");
            await(() -> List.of(updates.getUpdates()).stream().anyMatch(
                    line -> line.startsWith(update + " done: pair no-a~no-b, 1 of 1 done") && line.endsWith(", 1 not allowed")));
            assertTrue(List.of(updates.getPairs()).contains("no-a~no-b: not updated, rule 'apart' denies it"));
            assertTrue(a.steps().isEmpty());
        }
    }

    @Test
    void anUpdateForWhomNobodyKnowsIsRefusedAndNamesHim() throws Exception {
        try (MemberClient a = member("here-a", 11, "10.9.0.0/16")) {
            assertTrue(List.of(members.list()).contains(members.about("here-a")), members.about("here-a"));
            assertTrue(members.about("here-a").contains(", prefixes [10.9.0.0/16], at "), members.about("here-a"));
            String pair = assertThrows(IllegalStateException.class, () -> updates.rotatePair("test", "here-a", "nobody")).getMessage();
            assertEquals("no member nobody ever registered; 'pairspan ctl member list' shows those that did", pair);
            assertThrows(IllegalStateException.class, () -> updates.rotateMember("test", "nobody"));
            assertEquals(pair, members.about("nobody"));
            members.revoke("test", "early-b", "never to come");
            assertThrows(IllegalStateException.class, () -> updates.rotatePair("test", "early-b", "here-a"));
            assertTrue(a.steps().isEmpty());
        }
    }

    @Test
    void aRevokedMemberIsGoneEverywhereWithinASecondAndForGood() throws Exception {
        TlsContexts certificate = installation.member("rev-b", "10.6.0.0/16");
        try (MemberClient a = member("rev-a", 11, "10.5.0.0/16"); MemberClient b = member(certificate, 22, "10.6.0.0/16")) {
            int number = granted(a.request("10.6.2.3", 0)).getPeerNumber();
            long start = System.nanoTime();
            assertTrue(members.revoke("test", "rev-b", "lost").startsWith("rev-b, number " + number + ", revoked "));
            await(() -> a.revoked().contains(number));
            assertTrue(b.isClosedByService());
            long tookMs = (System.nanoTime() - start) / 1_000_000;
            System.out.println("LockstepTest: revoked everywhere within " + tookMs + " ms");
            assertTrue(tookMs < WITHIN_MS, () -> tookMs + " ms");
            assertEquals(Refusal.Reason.MEMBER_REVOKED, reason(a.request("10.6.2.3", 0)));
            assertEquals(Refusal.Reason.MEMBER_REVOKED, reason(a.request(number)));
        }
        try (MemberClient b = new MemberClient(certificate, installation.memberLink(0), 33)) {
            assertEquals(Refusal.Reason.MEMBER_REVOKED, reason(b.register(List.of("10.6.0.0/16"), 1)));
        }
        try (MemberClient late = member("rev-c", 44, "10.6.0.0/16")) {
            await(() -> !late.revoked().isEmpty());
        }
        await(() -> left("pair-key|rev-a~rev-b") == 0);
        long update = updates.rotateMember("test", "rev-a");
        await(() -> List.of(updates.getUpdates()).contains(update + " done: member rev-a, 0 of 0 done, 0 under way, 0 waiting"));
        assertTrue(List.of(members.getRevoked()).stream().anyMatch(line -> line.startsWith("rev-b, ") && line.endsWith(": lost")));
        assertEquals("rev-b is revoked already", members.about("rev-b"));
        assertTrue(Stream.of(members.list()).noneMatch(line -> line.startsWith("rev-b, ")));
        String audit = Files.readString(folder.resolve("audit-kms-1.jsonl"));
        assertTrue(audit.contains("\"event\":\"member-revoked\""));
        assertFalse(List.of(members.getRevoked()).isEmpty());
    }

    /** Events of an entity, but those of its newest snapshot and later, that still hold something. */
    private static int left(String persistenceId) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("journal.db"));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT COUNT(*) - (SELECT COUNT(*) FROM event_journal WHERE persistence_id = '"
                        + persistenceId + "' AND LENGTH(event_payload) = 0) FROM event_journal WHERE persistence_id = '" + persistenceId + "'")) {
            return rows.next() ? rows.getInt(1) : -1;
        }
    }

    private MemberClient member(String id, long incarnation, String prefix) throws IOException {
        return member(installation.member(id, prefix), incarnation, prefix);
    }

    private MemberClient member(TlsContexts certificate, long incarnation, String prefix) throws IOException {
        MemberClient client = new MemberClient(certificate, installation.memberLink(0), incarnation);
        assertTrue(client.register(List.of(prefix), 1, 2).hasRegistered());
        return client;
    }

    private static <T> T bean(Class<T> type, String name) throws Exception {
        return JMX.newMXBeanProxy(ManagementFactory.getPlatformMBeanServer(), new ObjectName("org.pairspan:type=" + name + ",name=kms-1"), type);
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long start = System.nanoTime();
        while (!condition.call()) {
            assertTrue(System.nanoTime() - start < LIMIT.toNanos(), "not within " + LIMIT);
            LockSupport.parkNanos(10_000_000);
        }
    }

    private static Association granted(ServiceFrame frame) {
        assertTrue(frame.hasKeyGrant(), frame::toString);
        return frame.getKeyGrant().getAssociation();
    }

    private static Refusal.Reason reason(ServiceFrame frame) {
        assertTrue(frame.hasRefusal(), frame::toString);
        return frame.getRefusal().getReason();
    }
}
