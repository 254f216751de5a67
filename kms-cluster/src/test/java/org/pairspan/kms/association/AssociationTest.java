package org.pairspan.kms.association;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pairspan.kms.cluster.EntityTestKit;
import org.pairspan.kms.observe.LatencyRecorder;
import org.pairspan.kms.pairkey.PairId;

class AssociationTest {

    private static final PairId PAIR = PairId.of("site-a", "site-b");

    private Instant now = Instant.EPOCH;
    private final ActorTestKit testKit = ActorTestKit.create(EntityTestKit.config());
    private EventSourcedBehaviorTestKit<Demand, Generation, Generation> association;

    @BeforeEach
    void start() {
        association = EventSourcedBehaviorTestKit.create(testKit.system(), Association.create(PAIR, new LatencyRecorder(), () -> now),
                EventSourcedBehaviorTestKit.disabledSerializationSettings());
    }

    @AfterEach
    void stop() {
        testKit.shutdownTestKit();
    }

    @Test
    void aConnectedPeerIsDueOnceAndTheGenerationStays() {
        assertEquals(new Association.Allocated(1, 1, 2, true, true), demand("site-a", 11, 22L, 0, 2, 1));
        assertEquals(new Association.Allocated(1, 1, 2, false, false), demand("site-a", 11, 22L, 0, 2, 1));
        assertEquals(new Association.Allocated(1, 1, 2, false, false), demand("site-b", 22, 11L, 0, 1, 2));
    }

    @Test
    void anEmptySlotIsFilledInTheSameGeneration() {
        assertEquals(new Association.Allocated(1, 1, 1, true, false), demand("site-a", 11, null, 0, 1));
        assertEquals(new Association.Allocated(1, 1, 1, false, false), demand("site-b", 22, 11L, 0, 1));
    }

    @Test
    void aRestartedMemberGetsANewGeneration() {
        demand("site-a", 11, 22L, 0, 1);
        association.restart();
        assertEquals(new Association.Allocated(2, 1, 1, true, true), demand("site-a", 12, 22L, 0, 1));
        assertEquals(new Association.Allocated(3, 1, 1, true, true), demand("site-a", 12, 23L, 0, 1));
    }

    @Test
    void aNumberIsNeverBelowTheTimeAndItsSuccessorsDifferInTheIndex() {
        now = Instant.ofEpochSecond(1_800_000_000);
        assertEquals(new Association.Allocated(57_600_000_001L, 1, 1, true, true), demand("site-a", 11, 22L, 0, 1));
        assertEquals(new Association.Allocated(57_600_000_002L, 1, 1, true, true), demand("site-a", 12, 22L, 0, 1));
        now = now.plusSeconds(3);
        assertEquals(new Association.Allocated(57_600_000_099L, 1, 1, true, true), demand("site-a", 13, 22L, 0, 1));
        now = Instant.EPOCH;
        assertEquals(new Association.Allocated(57_600_000_100L, 1, 1, true, true), demand("site-a", 14, 22L, 0, 1));
    }

    @Test
    void bothRenewingAtOnceGetOneNewGeneration() {
        demand("site-a", 11, 22L, 0, 1);
        assertEquals(new Association.Allocated(2, 1, 1, true, true), demand("site-a", 11, 22L, 1, 1));
        assertEquals(new Association.Allocated(2, 1, 1, false, false), demand("site-b", 22, 11L, 1, 1));
    }

    @Test
    void aSuiteThatIsNoLongerCommonNeedsANewGeneration() {
        demand("site-a", 11, 22L, 0, 1);
        assertEquals(new Association.Allocated(2, 1, 3, true, true), demand("site-a", 11, 22L, 0, 3));
    }

    @Test
    void itIsStoredBeforeItIsHandedOut() {
        var result = association.<Association.Reply>runCommand(
                replyTo -> new Demand(PAIR, "site-a", 11, null, 0, 1, List.of(1), replyTo));
        assertEquals(new Generation(PAIR, 1, 1, 1, 11L, null), result.event());
        assertTrue(association.<Association.Reply>runCommand(
                replyTo -> new Demand(PAIR, "site-a", 11, null, 0, 1, List.of(1), replyTo)).hasNoEvents());
    }

    @Test
    void aDemandForAnotherPairIsNotAnswered() {
        PairId other = PairId.of("site-a", "site-c");
        assertEquals(new Association.Misdirected("site-a~site-b"), association.<Association.Reply>runCommand(
                replyTo -> new Demand(other, "site-a", 11, null, 0, 1, List.of(1), replyTo)).reply());
        assertThrows(IllegalArgumentException.class, () -> new Demand(other, "site-b", 11, null, 0, 1, List.of(1), null));
    }

    private Association.Reply demand(String member, long incarnation, Long peerIncarnation, long above, Integer... suites) {
        return association.<Association.Reply>runCommand(replyTo -> new Demand(PAIR, member, incarnation, peerIncarnation, above, 1,
                List.of(suites), replyTo)).reply();
    }
}
