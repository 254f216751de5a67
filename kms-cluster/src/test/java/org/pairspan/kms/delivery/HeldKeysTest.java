package org.pairspan.kms.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pairspan.kms.cluster.EntityTestKit;
import org.pairspan.kms.delivery.HeldKeys.NotFound;
import org.pairspan.kms.delivery.HeldKeys.NotNamed;
import org.pairspan.kms.delivery.HeldKeys.Reply;
import org.pairspan.kms.delivery.HeldKeys.Room;
import org.pairspan.kms.delivery.HeldKeys.Stored;
import org.pairspan.kms.delivery.HeldKeys.Taken;
import org.pairspan.kms.sealing.SealedKey;

class HeldKeysTest {

    private static final Duration LIFETIME = Duration.ofHours(1);
    private static final Duration WINDOW = Duration.ofSeconds(30);

    private final ActorTestKit testKit = ActorTestKit.create(EntityTestKit.config());
    private final List<String> erased = new CopyOnWriteArrayList<>();
    private final Set<String> revoked = new HashSet<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private EventSourcedBehaviorTestKit<HeldKeys.Command, HeldKeys.Event, HeldKeysState> keys = start(WINDOW);

    private EventSourcedBehaviorTestKit<HeldKeys.Command, HeldKeys.Event, HeldKeysState> start(Duration window) {
        return EventSourcedBehaviorTestKit.create(testKit.system(),
                HeldKeys.create("a", new HeldKeys.Limits(5, 8, LIFETIME, window), () -> now, place -> {
                    erased.add(place);
                    return CompletableFuture.completedStage(null);
                }, revoked::contains),
                EventSourcedBehaviorTestKit.disabledSerializationSettings());
    }

    @AfterEach
    void stop() {
        testKit.shutdownTestKit();
    }

    @Test
    void aSlaveGetsItsKeysInTheOrderItAsks() {
        assertInstanceOf(Stored.class, store(List.of("b"), 1, 2));
        assertEquals(new Taken(List.of(named(2), named(1)), false), take("b", 2, 1));
    }

    @Test
    void aRetryWithinTheWindowGetsTheSameAndLaterNothing() {
        store(List.of("b"), 1);
        assertEquals(new Taken(List.of(named(1)), false), take("b", 1));
        now = now.plus(WINDOW).minusMillis(1);
        assertEquals(new Taken(List.of(named(1)), true), take("b", 1));
        now = now.plusMillis(1);
        assertInstanceOf(NotFound.class, take("b", 1));
    }

    @Test
    void withoutAWindowAKeyGoesOutStrictlyOnce() {
        keys = start(Duration.ZERO);
        store(List.of("b"), 1);
        assertInstanceOf(Taken.class, take("b", 1));
        assertInstanceOf(NotFound.class, take("b", 1));
    }

    @Test
    void everySlaveOfAKeyGetsItOnceAndNobodyElseDoes() {
        store(List.of("b", "c"), 1);
        assertInstanceOf(NotNamed.class, take("d", 1));
        assertInstanceOf(Taken.class, take("b", 1));
        now = now.plus(WINDOW);
        assertInstanceOf(NotFound.class, take("b", 1));
        assertEquals(new Taken(List.of(named(1)), false), take("c", 1));
        now = now.plus(WINDOW);
        assertInstanceOf(NotFound.class, take("c", 1));
        assertInstanceOf(NotFound.class, take("d", 1));
    }

    @Test
    void allOrNone() {
        store(List.of("b"), 1);
        store(List.of("c"), 2);
        assertInstanceOf(NotFound.class, take("b", 1, 3));
        assertInstanceOf(NotNamed.class, take("b", 1, 2));
        assertInstanceOf(NotNamed.class, take("b", 3, 2));
        assertEquals(new Taken(List.of(named(1)), false), take("b", 1));
    }

    @Test
    void keysEndWithTheirLifetimeAndLeaveTheState() {
        store(List.of("b"), 1, 2, 3);
        assertEquals(new Room(2), room("b"));
        now = now.plus(LIFETIME);
        assertInstanceOf(NotFound.class, take("b", 1));
        assertEquals(new Room(5), room("b"));
        store(List.of("b"), 4);
        keys.runCommand(new HeldKeys.Sweep());
        assertEquals(1, keys.getState().snapshot().keys().size());
        testKit.createTestProbe().awaitAssert(() -> {
            assertTrue(erased.size() > 1 && erased.stream().allMatch("etsi-014-keys|a"::equals), erased::toString);
            return null;
        });
    }

    @Test
    void aRevokedSlavesKeysAreDestroyedWhereNoOtherMayHaveThem() {
        store(List.of("b"), 1);
        store(List.of("b", "c"), 2);
        store(List.of("c"), 3);
        revoked.add("b");
        keys.runCommand(new HeldKeys.Sweep());
        assertInstanceOf(NotFound.class, take("b", 1));
        assertInstanceOf(NotFound.class, take("b", 2));
        assertEquals(List.of(named(2), named(3)), keys.getState().snapshot().keys().stream().map(HeldKey::named).toList());
        assertEquals(new Taken(List.of(named(2), named(3)), false), take("c", 2, 3));
        assertTrue(keys.runCommand(new HeldKeys.Sweep()).hasNoEvents());
    }

    @Test
    void aRevokedMastersKeysAreAllDestroyed() {
        store(List.of("b", "c"), 1, 2);
        take("b", 1);
        revoked.add("a");
        keys.runCommand(new HeldKeys.Sweep());
        assertEquals(List.of(), keys.getState().snapshot().keys());
        keys.restart();
        assertEquals(List.of(), keys.getState().snapshot().keys());
        assertTrue(keys.runCommand(new HeldKeys.Sweep()).hasNoEvents());
    }

    @Test
    void theNumberThatWaitsIsBoundedForASlaveAndInAll() {
        assertInstanceOf(Stored.class, store(List.of("b"), 1, 2, 3, 4, 5));
        assertEquals(new Room(0), store(List.of("b"), 6));
        assertEquals(new Room(0), store(List.of("c", "b"), 6));
        assertEquals(new Room(3), store(List.of("c"), 6, 7, 8, 9));
        assertInstanceOf(Stored.class, store(List.of("c"), 6, 7, 8));
        take("b", 1);
        assertEquals(new Room(0), room("b"));
        now = now.plus(WINDOW);
        assertEquals(new Room(1), room("b"));
    }

    @Test
    void aRestartForgetsAndRepeatsNothing() {
        store(List.of("b", "c"), 1, 2);
        take("b", 1);
        keys.restart();
        assertEquals(new Taken(List.of(named(1), named(2)), true), take("b", 1, 2));
        now = now.plus(WINDOW);
        keys.restart();
        assertInstanceOf(NotFound.class, take("b", 1));
        assertEquals(new Taken(List.of(named(1)), false), take("c", 1));
        assertEquals(keys.getState().snapshot(), HeldKeysState.of(keys.getState().snapshot()).snapshot());
    }

    @Test
    void aQuestionForAnotherMasterIsNotAnswered() {
        List<Reply> replies = List.of(
                ask(replyTo -> new HeldKeys.Store("x", List.of("b"), List.of(named(1)), replyTo)),
                ask(replyTo -> new HeldKeys.Take("x", "b", List.of(id(1)), replyTo)),
                ask(replyTo -> new HeldKeys.AskRoom("x", List.of("b"), replyTo)));
        assertTrue(replies.stream().allMatch(new HeldKeys.Misdirected("a")::equals), replies::toString);
    }

    private Reply store(List<String> slaves, int... numbers) {
        return ask(replyTo -> new HeldKeys.Store("a", slaves, IntStream.of(numbers).mapToObj(HeldKeysTest::named).toList(), replyTo));
    }

    private Reply take(String slave, int... numbers) {
        return ask(replyTo -> new HeldKeys.Take("a", slave, IntStream.of(numbers).mapToObj(HeldKeysTest::id).toList(), replyTo));
    }

    private Reply room(String slave) {
        return ask(replyTo -> new HeldKeys.AskRoom("a", List.of(slave), replyTo));
    }

    private Reply ask(Function<ActorRef<Reply>, HeldKeys.Command> question) {
        return keys.<Reply>runCommand(question::apply).reply();
    }

    private static KeyId id(int number) {
        return new KeyId(0, number);
    }

    private static NamedKey named(int number) {
        return new NamedKey(id(number), new SealedKey(new byte[] {(byte) number}));
    }
}
