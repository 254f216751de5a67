package org.pairspan.kms.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.management.JMX;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.kms.InTurn;
import org.pairspan.kms.policy.keeping.KeyPolicyMXBean;
import org.pairspan.protocol.keyservice.Association;
import org.pairspan.protocol.keyservice.HeldAssociation;
import org.pairspan.protocol.keyservice.MemberFrame;
import org.pairspan.protocol.keyservice.PolicyReview;
import org.pairspan.protocol.keyservice.PolicyVerdict;
import org.pairspan.protocol.keyservice.Refusal;
import org.pairspan.protocol.keyservice.ServiceFrame;
import org.pairspan.runtime.certificate.KeyKind;

/** A change of the policy reaches both servers, their members, and what these hold. */
@InTurn
class PolicyOfTwoServersTest {

    private static final String DENY = "key-policy { rules = [ { name = apart, action = deny, between = two-a, and = two-b } ] }";
    private static final String STRICT = "key-policy { rules = [ { name = close, action = allow, between = two-a, and = two-b, strict = true } ] }";

    @TempDir
    static Path folder;

    @Test
    void aChangeReachesBothServersTheirMembersAndWhatTheyHold() throws Exception {
        Installation installation = new Installation(folder, KeyKind.ECDSA_P256, 2);
        CompletableFuture<KeyServer> starting = installation.starting(1);
        try (KeyServer first = KeyServer.start(installation.configuration(0), System.out::println); KeyServer second = starting.join();
                MemberClient a = member(installation, 0, "two-a", "10.1.0.0/16"); MemberClient b = member(installation, 1, "two-b", "10.2.0.0/16")) {
            assertFalse(first == second);
            KeyPolicyMXBean policy = bean("kms-1");
            Association held = granted(a.request("10.2.0.1", 0));
            assertFalse(held.hasTerms());

            assertTrue(policy.check(DENY).contains("newly denied: 1 pair"), () -> policy.check(DENY).toString());
            assertEquals("policy version 1 is in force; held by kms-1, kms-2", policy.apply("alice", 0, "apart for now", DENY));
            assertEquals(1, a.policyVersion());
            assertEquals(1, b.policyVersion());
            assertEquals(Refusal.Reason.POLICY_DENIED, a.request("10.2.0.1", 0).getRefusal().getReason());
            assertEquals(Refusal.Reason.POLICY_DENIED, b.request("10.1.0.1", held.getGeneration()).getRefusal().getReason());
            assertEquals(List.of("two-b"), review(a, held, "two-b").getDeniedList());
            assertEquals(List.of("two-a"), review(b, held, "two-a").getDeniedList());
            assertTrue(bean("kms-2").explain("two-b", "two-a").getFirst().startsWith("denied: rule 'apart' denies it in version 1, line 1"));

            assertThrows(IllegalStateException.class, () -> policy.apply("bob", 0, "late", STRICT));
            assertThrows(IllegalArgumentException.class, () -> policy.apply("bob", 1, "wrong", "key-policy { rules = [ { name = x } ] }"));
            bean("kms-2").apply("bob", 1, "together, with care", STRICT);
            assertEquals(2, a.policyVersion());
            assertEquals(List.of("two-b"), review(a, held, "two-b").getChangedList());
            Association strict = granted(a.request("10.2.0.1", held.getGeneration()));
            assertTrue(strict.getTerms().getStrict());
            assertTrue(strict.getGeneration() > held.getGeneration());
            assertTrue(b.installs().stream().anyMatch(install -> install.getAssociation().getGeneration() == strict.getGeneration()
                    && install.getAssociation().getTerms().getStrict()));
            assertEquals(0, review(a, strict, "two-b").getChangedCount());

            assertEquals("policy version 3 is in force; held by kms-1, kms-2", policy.rollback("alice", 2, 0));
            assertTrue(policy.history().get(1).endsWith("bob: together, with care"), () -> policy.history().toString());
            assertEquals(DENY, policy.text(1));
            assertTrue(audit(0).contains("\"event\":\"policy-changed\",\"actor\":\"operator alice\""));
            assertTrue(audit(0).contains("\"event\":\"association-withdrawn\""));
            assertTrue(audit(0).contains("refused: POLICY_DENIED: rule 'apart' denies it"));
        }
    }

    private static PolicyVerdict review(MemberClient member, Association held, String peer) throws IOException {
        ServiceFrame answer = member.ask(MemberFrame.newBuilder().setPolicyReview(PolicyReview.newBuilder().addHeld(
                HeldAssociation.newBuilder().setPeerId(peer).setSuite(held.getSuite()).setTerms(held.getTerms()))));
        assertTrue(answer.hasPolicyVerdict(), answer::toString);
        return answer.getPolicyVerdict();
    }

    private static MemberClient member(Installation installation, int server, String id, String prefix) throws IOException {
        MemberClient client = new MemberClient(installation.member(id, prefix), installation.memberLink(server), 1);
        assertTrue(client.register(List.of(prefix), 1, 2).hasRegistered());
        return client;
    }

    private static Association granted(ServiceFrame frame) {
        assertTrue(frame.hasKeyGrant(), frame::toString);
        return frame.getKeyGrant().getAssociation();
    }

    private static KeyPolicyMXBean bean(String server) throws MalformedObjectNameException {
        return JMX.newMXBeanProxy(ManagementFactory.getPlatformMBeanServer(), new ObjectName("org.pairspan:type=KeyPolicy,name=" + server),
                KeyPolicyMXBean.class);
    }

    private static String audit(int server) throws IOException {
        return Files.readString(folder.resolve("audit-kms-" + (server + 1) + ".jsonl"));
    }
}
