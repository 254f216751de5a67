package org.pairspan.kms.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import javax.management.JMX;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.pairspan.kms.InTurn;
import org.pairspan.kms.observe.KeyServiceMXBean;
import org.pairspan.kms.sealing.MasterKey;
import org.pairspan.protocol.keyservice.Association;
import org.pairspan.protocol.keyservice.MemberFrame;
import org.pairspan.protocol.keyservice.Ping;
import org.pairspan.protocol.keyservice.Refusal;
import org.pairspan.runtime.config.ConfigurationException;
import org.pairspan.runtime.tls.TlsContexts;

@InTurn
class KeyServerTest extends OneKeyServer {

    private boolean flooded;

    @Override
    void afterwards() throws IOException {
        if (flooded) {
            assertTrue(audit().contains(" more refused of flood since "), "what was only counted is recorded before the server ends");
        }
    }

    @Test
    void theAskersPeerGetsTheSameKeyUnasked() throws IOException {
        long generation;
        try (MemberClient a = member("push-a", 11, "10.1.0.0/16"); MemberClient b = member("push-b", 22, "10.2.0.0/16")) {
            Association atB = granted(b.request("10.1.2.3", 0));
            Association atA = a.installs().element().getAssociation();
            assertEquals(32, atB.getPairKey().size());
            assertEquals(atA.getPairKey(), atB.getPairKey());
            generation = atA.getGeneration();
            assertEquals(atA.getGeneration(), atB.getGeneration());
            assertEquals("push-b", atA.getPeerId());
            assertEquals(atA.getOwnNumber(), atB.getPeerNumber());
            assertEquals(4500, atA.getPeerBearer().getPort());
            assertEquals(1, atA.getPeerPrefixesCount());
        }
        assertTrue(audit().contains("\"event\":\"key-request\",\"actor\":\"member push-b\",\"member\":\"push-b\",\"peer\":\"push-a\",\"key_version\":1,\"generation\":" + generation));
        assertTrue(isAudited("install", "\"member\":\"push-a\",\"peer\":\"push-b\""));
    }

    @Test
    void anAssociationCanBeAskedForByThePeersNumber() throws IOException {
        try (MemberClient a = member("number-a", 11, "10.3.0.0/16"); MemberClient b = member("number-b", 22, "10.4.0.0/16")) {
            b.close();
            Association byAddress = granted(a.request("10.4.0.1", 0));
            assertEquals(byAddress, granted(a.request(byAddress.getPeerNumber())));
        }
    }

    @Test
    void aRestartedMemberGetsTheKeyUnderANewGeneration() throws IOException {
        TlsContexts a = installation.member("again-a", "10.5.0.0/16");
        try (MemberClient b = member("again-b", 22, "10.6.0.0/16")) {
            b.close();
        }
        Association before;
        try (MemberClient first = connect(a, 11)) {
            first.register(List.of("10.5.0.0/16"), 1);
            before = granted(first.request("10.6.0.1", 0));
            assertEquals(before, granted(first.request("10.6.0.1", 0)));
        }
        try (MemberClient second = connect(a, 12)) {
            second.register(List.of("10.5.0.0/16"), 1);
            Association after = granted(second.request("10.6.0.1", 0));
            assertEquals(before.getPairKey(), after.getPairKey());
            assertTrue(after.getGeneration() > before.getGeneration());
            assertTrue(granted(second.request("10.6.0.1", after.getGeneration())).getGeneration() > after.getGeneration());
        }
    }

    @Test
    void anotherMembersIdIsRefusedAndAudited() throws IOException {
        try (MemberClient thief = connect(installation.member("thief", "10.7.0.0/16"), 1)) {
            assertEquals(Refusal.Reason.IDENTITY_MISMATCH, reason(thief.register("victim", List.of("10.7.0.0/16"), 1)));
            assertTrue(thief.isClosedByService());
        }
        try (MemberClient thief = connect(installation.member("thief-2", "10.8.0.0/16"), 1)) {
            thief.register(List.of("10.8.0.0/16"), 1);
            for (int i = 0; i < 40; i++) {
                assertEquals(Refusal.Reason.IDENTITY_MISMATCH, reason(thief.request("victim", "10.7.0.1", 0)));
            }
        }
        assertTrue(isAudited("identity-mismatch", "\"member\":\"thief\""));
        assertTrue(isAudited("identity-mismatch", "\"member\":\"thief-2\""));
    }

    @Test
    void aMemberThatIsRefusedAllTheTimeFillsNoLogAndHearsTheReasonEachTime() throws IOException {
        try (MemberClient a = member("flood", 1, "10.20.0.0/16")) {
            for (int i = 0; i < 400; i++) {
                assertEquals(Refusal.Reason.UNKNOWN_PEER, reason(a.request("192.0.2.1", 0)));
            }
            long records = audit().lines().filter(line -> line.contains("member flood") && line.contains("key-request")).count();
            assertTrue(records >= 100 && records < 200, records + " were recorded");
            flooded = true;
        }
    }

    @Test
    void whatCannotBeGrantedIsRefusedWithItsReason() throws IOException {
        try (MemberClient a = member("refused-a", 1, "10.9.0.0/16");
                MemberClient other = connect(installation.member("refused-b", "10.10.0.0/16"), 2)) {
            assertEquals(Refusal.Reason.UNKNOWN_PEER, reason(a.request("192.0.2.1", 0)));
            assertEquals(Refusal.Reason.UNKNOWN_PEER, reason(a.request(1_000_000)));
            assertEquals(Refusal.Reason.SELF, reason(a.request("10.9.0.1", 0)));
            other.register(List.of("10.10.0.0/16"), 200);
            assertEquals(Refusal.Reason.NO_COMMON_SUITE, reason(a.request("10.10.0.1", 0)));
        }
        try (MemberClient b = connect(installation.member("refused-c", "10.11.0.0/16"), 1)) {
            assertEquals(Refusal.Reason.PREFIX_REFUSED, reason(b.register(List.of("10.12.0.0/16"), 1)));
            assertTrue(b.isClosedByService());
        }
    }

    @Test
    void aConnectionThatANewerOneTookThePlaceOfEnds() throws IOException {
        TlsContexts twice = installation.member("twice", "10.21.0.0/16");
        try (MemberClient first = connect(twice, 1); MemberClient second = connect(twice, 2)) {
            assertTrue(first.register(List.of("10.21.0.0/16"), 1).hasRegistered());
            assertTrue(second.register(List.of("10.21.0.0/16"), 1).hasRegistered());
            assertTrue(first.isClosedByService());
            assertEquals(Refusal.Reason.SELF, reason(second.request("10.21.0.1", 0)));
        }
    }

    @Test
    void aMemberThatOpensTooManyConnectionsLosesItsOldest() throws IOException {
        List<MemberClient> open = new ArrayList<>();
        try (MemberClient other = member("modest", 1, "10.22.0.0/16")) {
            TlsContexts greedy = installation.member("greedy", "10.23.0.0/16");
            for (int i = 0; i < 9; i++) {
                open.add(connect(greedy, i));
                if (i == 0) {
                    assertTrue(open.getFirst().register(List.of("10.23.0.0/16"), 1).hasRegistered());
                }
            }
            assertTrue(open.getFirst().isClosedByService());
            assertEquals(Refusal.Reason.SELF, reason(other.request("10.22.0.1", 0)));
        } finally {
            for (MemberClient client : open) {
                client.close();
            }
        }
    }

    @Test
    void whatBreaksTheRulesOfTheLinkEndsIt() throws IOException {
        TlsContexts member = installation.member("malformed", "10.13.0.0/16");
        byte[][] wrong = {
            {0, 0, 0, 0}, {0, 1, 0, 1}, {(byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF}, {0, 0, 0, 2, 8, 1}, {0, 0, 0, 1, 7},
        };
        for (byte[] bytes : wrong) {
            try (MemberClient client = connect(member, 1)) {
                client.sendRaw(bytes);
                assertEquals(Refusal.Reason.MALFORMED, reason(client.read()));
                assertTrue(client.isClosedByService());
            }
        }
        try (MemberClient client = connect(member, 1)) {
            assertEquals(Refusal.Reason.MALFORMED, reason(client.ask(MemberFrame.newBuilder().setPing(Ping.getDefaultInstance()))));
            assertTrue(client.isClosedByService());
        }
    }

    @Test
    void aConnectionThatNeverRegistersIsClosed() throws IOException {
        try (MemberClient client = connect(installation.member("mute", "10.14.0.0/16"), 1)) {
            assertTrue(client.isClosedByService());
        }
    }

    @Test
    void aPingIsAnswered() throws IOException {
        try (MemberClient client = member("ping", 1, "10.15.0.0/16")) {
            assertTrue(client.ask(MemberFrame.newBuilder().setPing(Ping.getDefaultInstance())).hasPong());
        }
    }

    @Test
    void theJournalHoldsNoKey() throws IOException {
        try (MemberClient a = member("sealed-a", 1, "10.16.0.0/16"); MemberClient b = member("sealed-b", 2, "10.17.0.0/16")) {
            b.close();
            byte[] key = granted(a.request("10.17.0.1", 0)).getPairKey().toByteArray();
            String needle = new String(key, StandardCharsets.ISO_8859_1);
            for (String file : new String[] {"journal.db", "journal.db-wal", "audit-kms-1.jsonl"}) {
                String content = new String(Files.readAllBytes(folder.resolve(file)), StandardCharsets.ISO_8859_1);
                assertEquals(-1, content.indexOf(needle), file);
            }
            assertNotEquals(0, key.length);
        }
    }

    @Test
    void statisticsAreThereForOperators() throws Exception {
        try (MemberClient a = member("seen-a", 1, "10.18.0.0/16"); MemberClient b = member("seen-b", 2, "10.19.0.0/16")) {
            granted(a.request("10.19.0.1", 0));
            assertFalse(b.installs().isEmpty());
            KeyServiceMXBean bean = JMX.newMXBeanProxy(ManagementFactory.getPlatformMBeanServer(),
                    new ObjectName("org.pairspan:type=KeyService,name=kms-1"), KeyServiceMXBean.class);
            assertEquals("kms-1", bean.getName());
            assertEquals("Up", bean.getState());
            assertEquals(List.of(bean.getClusterAddress() + " Up"), bean.getClusterMembers());
            assertEquals(bean.getClusterAddress(), bean.getLeader());
            assertEquals("kms-1", bean.locatePair("seen-b", "seen-a"));
            assertTrue(bean.getMemberLinks() >= 2);
            assertTrue(bean.getRegisteredMembers() >= 2);
            assertTrue(bean.getGrants() >= 1 && bean.getGrants() <= bean.getRequests());
            assertTrue(bean.getKeysCreated() >= 1);
            assertTrue(bean.getInstalls() >= 1);
            assertTrue(bean.getJournal99PercentMicros() >= bean.getJournalMedianMicros());
            assertTrue(bean.getRefusals().values().stream().allMatch(count -> count > 0));
        }
    }

    @Test
    void aServerWithAnotherMasterKeyOrAPortInUseDoesNotStart() throws IOException {
        Path other = folder.resolve("other.conf");
        Files.writeString(other, Files.readString(installation.configuration(0)).replace("master.key", "other.key")
                + "\npairspan.kms.audit.file = other.jsonl\n");
        MasterKey.create(folder.resolve("other.key"));
        assertTrue(assertThrows(ConfigurationException.class, () -> KeyServer.start(other, System.out::println)).rule().contains("master key"));
        Files.writeString(other, "\npairspan.kms.unknown = 1\n", StandardOpenOption.APPEND);
        assertThrows(ConfigurationException.class, () -> KeyServer.start(other, System.out::println));
        Files.writeString(other, Files.readString(installation.configuration(0)) + "\npairspan.kms.audit.file = other.jsonl\n");
        ConfigurationException inUse = assertThrows(ConfigurationException.class, () -> KeyServer.start(other, System.out::println));
        assertTrue(inUse.rule().contains("free port"), inUse::toString);
    }
}
