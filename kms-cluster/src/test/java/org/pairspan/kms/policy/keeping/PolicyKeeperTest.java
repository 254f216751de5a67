package org.pairspan.kms.policy.keeping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pairspan.kms.cluster.EntityTestKit;
import org.pairspan.kms.policy.PolicyDecision;
import org.pairspan.protocol.crypto.Suite;

class PolicyKeeperTest {

    private static final Duration BOUND = Duration.ofSeconds(15);
    private static final String DENY_ALL = "key-policy { rules = [] }";

    private final ActorTestKit testKit = ActorTestKit.create(ManualTime.config().withFallback(EntityTestKit.config()));
    private final ManualTime time = ManualTime.get(testKit.system());
    private final AtomicLong nanoTime = new AtomicLong(1_000_000);
    private final PolicyInForce policy = new PolicyInForce(BOUND, nanoTime::get);
    private final TestProbe<KeyPolicy.Command> entity = testKit.createTestProbe();
    private final TestProbe<PolicyAdopted> adopted = testKit.createTestProbe();

    @AfterEach
    void stop() {
        testKit.shutdownTestKit();
    }

    @Test
    void nothingIsDecidedBeforeThePolicyIsKnown() {
        start();

        assertInstanceOf(PolicyDecision.Undecided.class, policy.decide("a", "b"));
        answer(InitialPolicy.VERSION);
        adopted.expectMessage(new PolicyAdopted(0));
        assertInstanceOf(PolicyDecision.Allowed.class, policy.decide("a", "b"));
    }

    @Test
    void aPushTakesEffectAtOnceButConfirmsNothing() {
        start();
        KeyPolicy.Watch first = answer(InitialPolicy.VERSION);
        adopted.expectMessage(new PolicyAdopted(0));

        nanoTime.addAndGet(BOUND.toNanos());
        first.watcher().tell(new KeyPolicy.InForce(version(1, DENY_ALL), false, 0));
        adopted.expectMessage(new PolicyAdopted(1));
        assertInstanceOf(PolicyDecision.Denied.class, policy.decide("a", "b"));
        nanoTime.incrementAndGet();
        assertInstanceOf(PolicyDecision.Undecided.class, policy.decide("a", "b"));
    }

    @Test
    void aServerThatCanNotMakeSureRefusesUntilItCan() {
        start();
        answer(InitialPolicy.VERSION);
        adopted.expectMessage(new PolicyAdopted(0));
        entity.receiveMessage();
        nanoTime.addAndGet(BOUND.toNanos() + 1);
        PolicyDecision.Undecided undecided = assertInstanceOf(PolicyDecision.Undecided.class, policy.decide("a", "b"));
        assertTrue(undecided.why().contains("policy version 0 is still in force"), undecided::why);

        time.timePasses(PolicyKeeper.INTERVAL);
        KeyPolicy.Watch asked = (KeyPolicy.Watch) entity.receiveMessage();
        assertEquals(0, asked.heldVersion());
        asked.watcher().tell(new KeyPolicy.StillInForce(0, asked.askedAtNs()));
        entity.awaitAssert(() -> {
            assertInstanceOf(PolicyDecision.Allowed.class, policy.decide("a", "b"));
            return null;
        });
    }

    @Test
    void aDocumentOfANewerVersionOfTheProgramStopsTheServerFromDeciding() {
        start();
        answer(version(4, "key-policy { rules = [], quorum = 3 }"));
        adopted.expectMessage(new PolicyAdopted(4));

        PolicyDecision.Undecided undecided = assertInstanceOf(PolicyDecision.Undecided.class, policy.decide("a", "b"));
        assertTrue(undecided.why().contains("update it"), undecided::why);
    }

    @Test
    void theAgesAtWhichKeysAreReplacedAreThoseOfItsRules() {
        start();
        assertEquals(List.of(), policy.keyAges());
        answer(version(1, """
                key-policy { defaults { key-lifetime { age = 2 d } }, rules = [
                  { name = one, action = allow, between = a, and = b }
                  { name = two, action = allow, between = a, and = c, key-lifetime { age = 48 h, generations = 9 } }
                  { name = three, action = allow, between = a, and = d, key-lifetime { age = 1 h } }
                ] }
                """));
        adopted.expectMessage(new PolicyAdopted(1));
        assertEquals(List.of(Duration.ofDays(2), Duration.ofHours(1)), policy.keyAges());
    }

    private void start() {
        testKit.system().eventStream().tell(new EventStream.Subscribe<>(PolicyAdopted.class, adopted.ref()));
        testKit.spawn(PolicyKeeper.create("kms-1", entity.ref(), List.of(Suite.AES_256_GCM), policy, nanoTime::get));
    }

    private KeyPolicy.Watch answer(PolicyVersion version) {
        KeyPolicy.Watch watch = (KeyPolicy.Watch) entity.receiveMessage();
        watch.watcher().tell(new KeyPolicy.InForce(version, true, watch.askedAtNs()));
        return watch;
    }

    private static PolicyVersion version(long number, String text) {
        return new PolicyVersion(number, 1, "alice", "test", text);
    }
}
