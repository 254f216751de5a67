package org.pairspan.kms.association;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
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
    private final FakeSteps steps = new FakeSteps();
    private final ActorTestKit testKit = ActorTestKit.create(EntityTestKit.config());
    private EventSourcedBehaviorTestKit<Association.Command, AssociationEvent, AssociationState> association;

    @BeforeEach
    void start() {
        start(Duration.ofMillis(50));
    }

    /** @param again pause before a step is taken again */
    private void start(Duration again) {
        association = EventSourcedBehaviorTestKit.create(testKit.system(), Association.create(PAIR, new Association.Parts(new LatencyRecorder(), () -> now, steps,
                        new Association.UpdateTiming(Duration.ofMillis(50), again, pair -> 1_000), pair -> { })),
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

    @Test
    void anUpdateIsPreparedAtBothThenActivatedThenTheOldVersionIsRetired() {
        demand("site-a", 11, 22L, 0, 1);
        assertEquals(new UpdateCommand.Updated(PAIR, 2), update());
        assertEquals(List.of("PREPARE site-a 2", "PREPARE site-b 2", "key 2", "ACTIVATE site-a 2", "ACTIVATE site-b 2",
                "RETIRE site-a 2", "RETIRE site-b 2", "no key 1"), steps.taken);
        assertEquals(new Association.Allocated(2, 2, 1, false, false), demand("site-a", 11, 22L, 0, 1));
        association.restart();
        assertEquals(new Association.Allocated(3, 2, 1, true, true), demand("site-b", 23, 11L, 0, 1));
    }

    @Test
    void whatOneMemberDoesNotAcknowledgeIsGivenUpAtBoth() {
        demand("site-a", 11, 22L, 0, 1);
        steps.high = UpdateSteps.Outcome.AWAY;
        assertInstanceOf(UpdateCommand.NotNow.class, update());
        assertEquals(List.of("PREPARE site-a 2", "PREPARE site-b 2", "ROLL_BACK site-a 2", "ROLL_BACK site-b 2", "no key 2"), steps.taken);
        assertEquals(new Association.Allocated(1, 1, 1, false, false), demand("site-a", 11, 22L, 0, 1));
        steps.high = UpdateSteps.Outcome.DONE;
        assertEquals(new UpdateCommand.Updated(PAIR, 3), update());
        assertEquals(new Association.Allocated(3, 3, 1, false, false), demand("site-a", 11, 22L, 0, 1), "no number is used twice");
    }

    @Test
    void aMemberThatIsNotConnectedLetsTheUpdateWait() {
        demand("site-a", 11, 22L, 0, 1);
        steps.connected = false;
        assertEquals(new UpdateCommand.NotNow(PAIR, "site-b is not connected"), update());
        assertEquals(List.of(), steps.taken);
    }

    @Test
    void aPairThatMayNotShareKeysIsNotUpdated() {
        demand("site-a", 11, 22L, 0, 1);
        steps.allowed = false;
        assertEquals(new UpdateCommand.NotAllowed(PAIR, "the test does not allow it"), update());
        assertEquals(List.of(), steps.taken);
    }

    @Test
    void whoAsksWhileAnUpdateBeginsIsNotToldThatNoneIsNeeded() {
        demand("site-a", 11, 22L, 0, 1);
        steps.beginning = new CompletableFuture<>();
        begin();
        TestProbe<UpdateCommand.Reply> asker = testKit.createTestProbe();
        association.runCommand(new UpdateCommand.Start(PAIR, 0, asker.ref()));
        assertEquals(new UpdateCommand.UnderWay(PAIR, "beginning"), asker.receiveMessage());
        steps.beginning.complete(new UpdateSteps.Ready(2, 11, 22));
        assertEquals(new UpdateCommand.Updated(PAIR, 2), asker.receiveMessage());
    }

    private void awaitTaken(String step, TestProbe<?> probe) {
        probe.awaitAssert(() -> {
            assertTrue(steps.taken.contains(step), steps.taken::toString);
            return null;
        });
    }

    @Test
    void aMemberThatComesBackIsToldAtOnceAndNotWhenThePauseIsOver() {
        start(Duration.ofMinutes(5));
        demand("site-a", 11, 22L, 0, 1);
        steps.awayAfterPrepare = "site-b";
        TestProbe<UpdateCommand.Reply> asker = begin();
        awaitTaken("ACTIVATE site-b 2", asker);
        steps.awayAfterPrepare = null;
        steps.connections.complete(true);
        assertEquals(new UpdateCommand.Updated(PAIR, 2), asker.receiveMessage());
    }

    @Test
    void aVersionThatIsNewEnoughAndAPairWithoutAssociationNeedNoUpdate() {
        assertEquals(new UpdateCommand.NotNeeded(PAIR, 0), update());
        demand("site-a", 11, 22L, 0, 1);
        now = Instant.ofEpochSecond(100);
        assertEquals(new UpdateCommand.Updated(PAIR, 2), update());
        assertEquals(new UpdateCommand.NotNeeded(PAIR, 2), update());
    }

    @Test
    void aMemberThatNeedsAnotherGenerationWhileOneIsPreparedEndsThePreparation() {
        demand("site-a", 11, 22L, 0, 1);
        steps.answersHeld = true;
        TestProbe<UpdateCommand.Reply> asker = begin();
        asker.awaitAssert(() -> {
            assertEquals(2, steps.taken.size());
            return null;
        });
        assertEquals(new Association.Allocated(1, 1, 1, false, false), demand("site-b", 22, 11L, 0, 1), "the one in use is given all the time");
        assertEquals(new Association.Allocated(3, 1, 1, true, true), demand("site-b", 23, 11L, 0, 1));
        assertInstanceOf(UpdateCommand.NotNow.class, asker.receiveMessage());
        steps.release();
        assertNull(association.getState().update());
        assertEquals(new Association.Allocated(3, 1, 1, false, false), demand("site-b", 23, 11L, 0, 1));
    }

    @Test
    void anUpdateThatWasInterruptedGoesOnByItself() {
        demand("site-a", 11, 22L, 0, 1);
        steps.answersHeld = true;
        begin().awaitAssert(() -> {
            assertEquals(2, steps.taken.size());
            return null;
        });
        steps.forget();
        association.restart();
        steps.low = UpdateSteps.Outcome.AWAY;
        TestProbe<UpdateCommand.Reply> asker = begin();
        assertInstanceOf(UpdateCommand.UnderWay.class, asker.receiveMessage());
        assertInstanceOf(UpdateCommand.NotNow.class, asker.receiveMessage());
    }

    @Test
    void onceActivatedThereIsNoWayBackHoweverLongAMemberStaysAway() {
        demand("site-a", 11, 22L, 0, 1);
        steps.awayAfterPrepare = "site-b";
        TestProbe<UpdateCommand.Reply> asker = begin();
        asker.awaitAssert(() -> {
            assertTrue(steps.taken.stream().filter("ACTIVATE site-b 2"::equals).count() > 2, steps.taken::toString);
            return null;
        });
        assertEquals(new Association.Allocated(2, 2, 1, false, false), demand("site-b", 22, 11L, 0, 1));
        association.restart();
        steps.awayAfterPrepare = null;
        TestProbe<UpdateCommand.Reply> again = begin();
        assertInstanceOf(UpdateCommand.UnderWay.class, again.receiveMessage());
        assertEquals(new UpdateCommand.Updated(PAIR, 2), again.fishForMessage(Duration.ofSeconds(3), reply ->
                reply instanceof UpdateCommand.Updated ? FishingOutcomes.complete() : FishingOutcomes.continueAndIgnore()).getLast());
    }

    @Test
    void anUpdateInWhoseMiddleAMemberIsRevokedEnds() {
        demand("site-a", 11, 22L, 0, 1);
        steps.awayAfterPrepare = "site-b";
        TestProbe<UpdateCommand.Reply> asker = begin();
        awaitTaken("ACTIVATE site-b 2", asker);
        steps.low = UpdateSteps.Outcome.REVOKED;
        steps.high = UpdateSteps.Outcome.REVOKED;
        steps.awayAfterPrepare = null;
        assertEquals(new UpdateCommand.Updated(PAIR, 2), asker.receiveMessage());
        assertNull(association.getState().update());
    }

    @Test
    void aGenerationAfterManyThatWereGivenUpHasAnotherIndexThanTheOneInUse() {
        Generation newest = new Generation(PAIR, 40, 1, 1, 11L, 22L);
        Demand demand = new Demand(PAIR, "site-a", 12, 22L, 0, 1, List.of(1), null);
        assertEquals(73, Generation.after(newest, 71, demand, Instant.EPOCH).number());
        assertEquals(71, Generation.after(newest, 70, demand, Instant.EPOCH).number());
    }

    @Test
    void aSnapshotOfAnOlderServerIsTheNewestGeneration() {
        Generation old = new Generation(PAIR, 40, 1, 2, 11L, null);
        assertEquals(new AssociationState(old, 40, 1, 0, null), AssociationState.ofSnapshot(old));
    }

    private TestProbe<UpdateCommand.Reply> begin() {
        TestProbe<UpdateCommand.Reply> asker = testKit.createTestProbe();
        association.runCommand(new UpdateCommand.Start(PAIR, 1, asker.ref()));
        return asker;
    }

    private UpdateCommand.Reply update() {
        return begin().receiveMessage();
    }

    private Association.Reply demand(String member, long incarnation, Long peerIncarnation, long above, Integer... suites) {
        return association.<Association.Reply>runCommand(replyTo -> new Demand(PAIR, member, incarnation, peerIncarnation, above, 1,
                List.of(suites), replyTo)).reply();
    }
}
