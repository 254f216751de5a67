package org.pairspan.kms.policy.keeping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pairspan.kms.cluster.EntityTestKit;

class KeyPolicyTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(1_000));

    private final ActorTestKit testKit = ActorTestKit.create(EntityTestKit.config());
    private final EventSourcedBehaviorTestKit<KeyPolicy.Command, PolicyVersion, KeyPolicy.Kept> policy = EventSourcedBehaviorTestKit.create(
            testKit.system(), KeyPolicy.create(CLOCK, "default"));

    @AfterEach
    void stop() {
        testKit.shutdownTestKit();
    }

    @Test
    void aNewInstallationComesWithAPolicyThatAllowsEverything() {
        PolicyVersion initial = got(-1);

        assertEquals(0, initial.number());
        assertTrue(initial.text().contains("everybody-with-everybody"));
    }

    @Test
    void versionsFollowEachOtherAndSurviveARestart() {
        assertEquals(new KeyPolicy.Applied(1), apply(0, "first"));
        assertEquals(new KeyPolicy.Applied(2), apply(1, "second"));
        policy.restart();

        assertEquals(new PolicyVersion(2, 1_000, "alice", "why second", "second"), got(-1));
        assertEquals("first", got(1).text());
        assertNull(got(7));
        KeyPolicy.History history = policy.<KeyPolicy.History>runCommand(KeyPolicy.GetHistory::new).reply();
        assertEquals(List.of(2L, 1L, 0L), history.versions().stream().map(PolicyVersion::number).toList());
        assertTrue(history.versions().stream().allMatch(version -> version.text().isEmpty()));
    }

    @Test
    void aChangeOfAVersionThatIsNoLongerInForceIsRefused() {
        apply(0, "first");

        KeyPolicy.Conflict conflict = (KeyPolicy.Conflict) apply(0, "late");

        assertEquals(1, conflict.inForce().number());
        assertEquals(1, got(-1).number());
    }

    @Test
    void onlyTheNewestVersionsAreKept() {
        for (int i = 0; i < KeyPolicy.VERSIONS_KEPT + 5; i++) {
            apply(i, "text " + i);
        }
        policy.restart();

        assertNull(got(5));
        assertEquals("text 5", got(6).text());
        assertEquals(KeyPolicy.VERSIONS_KEPT + 5, got(-1).number());
    }

    @Test
    void whoWatchesIsToldAtOnceAndAnswered() {
        TestProbe<KeyPolicy.Notice> watcher = testKit.createTestProbe();
        policy.runCommand(new KeyPolicy.Watch("kms-1", -1, 77, watcher.ref()));
        assertEquals(new KeyPolicy.InForce(InitialPolicy.VERSION, true, 77), watcher.receiveMessage());
        policy.runCommand(new KeyPolicy.Watch("kms-1", 0, 78, watcher.ref()));
        assertEquals(new KeyPolicy.StillInForce(0, 78), watcher.receiveMessage());

        apply(0, "first");

        KeyPolicy.InForce told = (KeyPolicy.InForce) watcher.receiveMessage();
        assertEquals("first", told.version().text());
        KeyPolicy.History history = policy.<KeyPolicy.History>runCommand(KeyPolicy.GetHistory::new).reply();
        assertEquals(List.of("kms-1"), history.serversBehind());
        policy.runCommand(new KeyPolicy.Watch("kms-1", 1, 79, watcher.ref()));
        assertEquals(List.of("kms-1"), policy.<KeyPolicy.History>runCommand(KeyPolicy.GetHistory::new).reply().serversUpToDate());
    }

    private KeyPolicy.ApplyReply apply(long base, String text) {
        return policy.<KeyPolicy.ApplyReply>runCommand(replyTo -> new KeyPolicy.Apply(base, "alice", "why " + text, text, replyTo)).reply();
    }

    private PolicyVersion got(long number) {
        return policy.<KeyPolicy.Got>runCommand(replyTo -> new KeyPolicy.Get(number, replyTo)).reply().version();
    }
}
