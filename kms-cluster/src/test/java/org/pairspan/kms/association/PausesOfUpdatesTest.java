package org.pairspan.kms.association;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pairspan.kms.cluster.EntityTestKit;
import org.pairspan.kms.observe.LatencyRecorder;
import org.pairspan.kms.pairkey.PairId;

/** When the step of an update that was not acknowledged is taken again, by a clock that the test turns. */
class PausesOfUpdatesTest {

    private static final PairId PAIR = PairId.of("site-a", "site-b");
    private static final long AGAIN_MS = 50;
    private static final String STEP = "ACTIVATE site-b 2";

    private final FakeSteps steps = new FakeSteps();
    private final ActorTestKit testKit = ActorTestKit.create(ManualTime.config().withFallback(EntityTestKit.config()));
    private final ManualTime time = ManualTime.get(testKit.system());
    private final TestProbe<UpdateCommand.Reply> asker = testKit.createTestProbe();
    private final EventSourcedBehaviorTestKit<Association.Command, AssociationEvent, AssociationState> association =
            EventSourcedBehaviorTestKit.create(testKit.system(), Association.create(PAIR, new Association.Parts(new LatencyRecorder(), () -> Instant.EPOCH, steps,
                            new Association.UpdateTiming(Duration.ofDays(1), Duration.ofMillis(AGAIN_MS), pair -> 1_000), pair -> { })),
                    EventSourcedBehaviorTestKit.disabledSerializationSettings());

    @AfterEach
    void stop() {
        testKit.shutdownTestKit();
    }

    @Test
    void aMemberThatStaysAwayIsToldLessAndLessOftenHoweverOftenSomebodyAsks() {
        association.<Association.Reply>runCommand(replyTo -> new Demand(PAIR, "site-a", 11, 22L, 0, 1, List.of(1), replyTo));
        steps.awayAfterPrepare = "site-b";
        association.runCommand(new UpdateCommand.Start(PAIR, 1, asker.ref()));
        awaitTold(1);
        int told = 1;
        for (long factor : new long[] {1, 2, 4, 8, 16, 32, 32}) {
            settle();
            time.timePasses(Duration.ofMillis(AGAIN_MS * factor - 1));
            settle();
            assertEquals(told, told(), "1 ms before the end of pause " + told);
            time.timePasses(Duration.ofMillis(1));
            told++;
            awaitTold(told);
        }
    }

    private long told() {
        return steps.taken.stream().filter(STEP::equals).count();
    }

    private void awaitTold(int times) {
        asker.awaitAssert(() -> {
            assertEquals(times, told());
            return null;
        });
    }

    /** What the association is busy with ends, and then what follows from it. */
    private void settle() {
        for (int i = 0; i < 2; i++) {
            TestProbe<UpdateCommand.Reply> curious = testKit.createTestProbe();
            association.runCommand(new UpdateCommand.Start(PAIR, 1, curious.ref()));
            assertInstanceOf(UpdateCommand.UnderWay.class, curious.receiveMessage());
        }
    }
}
