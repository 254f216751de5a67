package org.pairspan.kms.pairkey;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pairspan.kms.cluster.EntityTestKit;
import org.pairspan.kms.observe.LatencyRecorder;
import org.pairspan.kms.sealing.MasterKey;
import org.pairspan.kms.sealing.Sealer;
import org.pairspan.kms.sealing.SealingAlgorithm;
import org.pairspan.kms.source.KeyOrigin;
import org.pairspan.kms.source.KeySource;
import org.pairspan.kms.source.KeySourceException;
import org.pairspan.kms.source.SourcedKey;

class PairKeyTest {

    /** The first key that is sealed loads a provider, which takes its time on a busy machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final PairId PAIR = PairId.of("site-b", "site-a");

    private final ActorTestKit testKit = ActorTestKit.create(EntityTestKit.config());
    private final Sealer sealer = new Sealer(new byte[MasterKey.LENGTH], SealingAlgorithm.AES_256_GCM, new SecureRandom());
    private final LatencyRecorder stored = new LatencyRecorder();
    private int made;
    private byte[] lastMade;
    private boolean failing;
    private volatile String revoked = "";
    private Runnable whileMade = () -> { };
    private final List<String> erased = new CopyOnWriteArrayList<>();
    private EventSourcedBehaviorTestKit<PairKey.Command, PairKeyEvent, PairKeyState> pairKey;

    @BeforeEach
    void start() {
        KeySource source = () -> {
            byte[] key = new byte[KeySource.KEY_LENGTH];
            Arrays.fill(key, (byte) ++made);
            lastMade = key;
            whileMade.run();
            return failing ? CompletableFuture.failedStage(new KeySourceException("dry"))
                    : CompletableFuture.completedStage(new SourcedKey(key, KeyOrigin.RANDOM));
        };
        pairKey = EventSourcedBehaviorTestKit.create(testKit.system(),
                PairKey.create(PAIR, new PairKey.Parts("kms-1", new SealedKeySource(pair -> source, sealer, this::recorded), id -> {
                    erased.add(id);
                    return CompletableFuture.completedStage(null);
                }, member -> member.equals(revoked), 0, stored)),
                EventSourcedBehaviorTestKit.disabledSerializationSettings());
    }

    @AfterEach
    void stop() {
        testKit.shutdownTestKit();
    }

    @Test
    void theKeyIsMadeOnceAndStoredBeforeTheAnswer() {
        PairKey.Key key = assertInstanceOf(PairKey.Key.class, ask(PAIR));
        var second = pairKey.<PairKey.Reply>runCommand(replyTo -> new PairKey.GetOrCreate(PAIR, replyTo));
        assertEquals(key, second.reply());
        assertTrue(second.hasNoEvents());
        assertEquals(1, made);
        assertEquals(1, stored.count());
    }

    @Test
    void theKeyOutlivesTheEntity() {
        PairKey.Reply key = ask(PAIR);
        pairKey.restart();
        assertEquals(key, ask(PAIR));
        assertEquals(1, made);
    }

    @Test
    void theSealedKeyOpensAndThePlaintextIsWiped() {
        PairKey.Key key = assertInstanceOf(PairKey.Key.class, ask(PAIR));
        byte[] expected = new byte[KeySource.KEY_LENGTH];
        Arrays.fill(expected, (byte) 1);
        assertArrayEquals(expected, sealer.open(PairKey.persistenceId(PAIR), key.version(), key.sealed()));
        assertArrayEquals(new byte[KeySource.KEY_LENGTH], lastMade);
    }

    @Test
    void aQuestionForAnotherPairIsNotAnswered() {
        assertEquals(new PairKey.Misdirected("site-a~site-b"), ask(PairId.of("site-a", "site-c")));
        assertEquals(0, made);
    }

    @Test
    void aSourceThatFailsIsSaidAndTheNextQuestionFindsItWell() {
        failing = true;
        TestProbe<PairKey.Reply> asker = testKit.createTestProbe();
        pairKey.runCommand(new PairKey.GetOrCreate(PAIR, asker.ref()));
        asker.expectMessageClass(PairKey.Unavailable.class);
        failing = false;
        assertEquals(PairKey.FIRST_VERSION, assertInstanceOf(PairKey.Key.class, ask(PAIR)).version());
    }

    @Test
    void aPreparedVersionIsNotTheOneInUseUntilItIsActivatedAndTheOldOneGoesWhenItIsRetired() {
        PairKey.Key first = (PairKey.Key) ask(PAIR);
        PairKey.Key second = (PairKey.Key) prepare();
        assertEquals(2, second.version());
        assertEquals(first, ask(PAIR));
        assertTrue(tell(replyTo -> new VersionCommand.Activate(PAIR, 2, replyTo)));
        assertTrue(tell(replyTo -> new VersionCommand.Activate(PAIR, 2, replyTo)), "twice does nothing");
        pairKey.restart();
        assertEquals(second, ask(PAIR));
        assertEquals(first, get(1));
        assertFalse(tell(replyTo -> new VersionCommand.Retire(PAIR, 2, replyTo)), "the one in use stays");
        assertTrue(tell(replyTo -> new VersionCommand.Retire(PAIR, 1, replyTo)));
        pairKey.restart();
        assertInstanceOf(PairKey.Unavailable.class, get(1));
        assertEquals(List.of(2), pairKey.getState().versions().stream().map(PairKeyState.Version::number).toList());
        assertEquals(second, ask(PAIR));
        assertTrue(erased.contains(PairKey.persistenceId(PAIR)));
    }

    @Test
    void aVersionThatWasGivenUpIsNeverUsedAgain() {
        ask(PAIR);
        assertEquals(2, ((PairKey.Key) prepare()).version());
        assertTrue(tell(replyTo -> new VersionCommand.Retire(PAIR, 2, replyTo)));
        assertEquals(3, ((PairKey.Key) prepare()).version());
        assertEquals(4, ((PairKey.Key) prepare()).version());
        assertInstanceOf(PairKey.Unavailable.class, get(3));
        assertFalse(tell(replyTo -> new VersionCommand.Activate(PAIR, 3, replyTo)));
        assertEquals(1, ((PairKey.Key) ask(PAIR)).version());
    }

    @Test
    void destroyedKeysNeverComeBack() {
        ask(PAIR);
        assertTrue(tell(replyTo -> new VersionCommand.Destroy(PAIR, replyTo)));
        pairKey.restart();
        assertInstanceOf(PairKey.Unavailable.class, ask(PAIR));
        assertInstanceOf(PairKey.Unavailable.class, prepare());
        assertEquals(List.of(), pairKey.getState().versions());
        assertEquals(1, made);
        erased.clear();
        assertTrue(tell(replyTo -> new VersionCommand.Destroy(PAIR, replyTo)));
        testKit.createTestProbe().awaitAssert(() -> {
            assertTrue(erased.contains(PairKey.persistenceId(PAIR)), "who asks again has found that they are not erased");
            return null;
        });
    }

    @Test
    void aMemberThatIsRevokedWhileItsKeyIsMadeGetsNone() {
        whileMade = () -> revoked = "site-b";
        assertInstanceOf(PairKey.Unavailable.class, ask(PAIR));
        assertEquals(PairKeyState.EMPTY, pairKey.getState());
        assertInstanceOf(PairKey.Unavailable.class, ask(PAIR));
        assertEquals(1, made, "and no other is made");
    }

    private PairKey.Reply prepare() {
        TestProbe<PairKey.Reply> asker = testKit.createTestProbe();
        pairKey.runCommand(new VersionCommand.Prepare(PAIR, asker.ref()));
        return asker.receiveMessage(PATIENCE);
    }

    private PairKey.Reply get(int version) {
        return pairKey.<PairKey.Reply>runCommand(replyTo -> new VersionCommand.Get(PAIR, version, replyTo)).reply();
    }

    private boolean tell(Function<ActorRef<VersionCommand.Done>, PairKey.Command> command) {
        return pairKey.<VersionCommand.Done>runCommand(command::apply).reply().done();
    }

    @Test
    void aPairHasOneIdInEitherOrder() {
        assertEquals("site-a~site-b", PAIR.entityId());
        assertEquals(PAIR, PairId.of("site-a", "site-b"));
        assertEquals(PAIR, PairId.parse(PAIR.entityId()));
        assertThrows(IllegalArgumentException.class, () -> PairId.of("site-a", "site-a"));
        assertThrows(IllegalArgumentException.class, () -> PairId.parse("site-b~site-a"));
        assertThrows(IllegalArgumentException.class, () -> PairId.parse("site-a"));
    }

    private CompletionStage<Void> recorded(PairId pair, int version, KeyOrigin origin) {
        assertEquals(PAIR, pair);
        assertEquals(KeyOrigin.RANDOM, origin);
        return CompletableFuture.completedStage(null);
    }

    private PairKey.Reply ask(PairId pair) {
        TestProbe<PairKey.Reply> asker = testKit.createTestProbe();
        pairKey.runCommand(new PairKey.GetOrCreate(pair, asker.ref()));
        return asker.receiveMessage(PATIENCE);
    }
}
