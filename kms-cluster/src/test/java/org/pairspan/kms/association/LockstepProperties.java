package org.pairspan.kms.association;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pairspan.kms.cluster.EntityTestKit;
import org.pairspan.kms.pairkey.PairId;

/**
 * Updates of one pair's key, with messages and acknowledgements lost, steps taken twice, members restarting and the entity dying at
 * random moments, while the members send to each other all the time. {@code -Dpairspan.lockstep-seeds=1000} sets how many courses there
 * are, {@code -Dpairspan.seed} the first.
 */
class LockstepProperties {

    private static final PairId PAIR = PairId.of("site-a", "site-b");
    private static final int SEEDS = Integer.getInteger("pairspan.lockstep-seeds", 15);
    private static final long FIRST_SEED = Long.getLong("pairspan.seed", System.nanoTime() % 1_000_000);
    private static final int UPDATES = 6;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ActorTestKit testKit = ActorTestKit.create(EntityTestKit.config());

    @AfterEach
    void stop() {
        testKit.shutdownTestKit();
    }

    @Test
    void bothMembersEndOnOneVersionNoneIsUsedWithoutBothAndNothingSentIsLost() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            System.out.println("LockstepProperties: -Dpairspan.seed=" + seed);
            course(seed);
        }
    }

    private void course(long seed) {
        Random random = new Random(seed);
        ModelMembers members = new ModelMembers(PAIR, random.nextLong());
        EventSourcedBehaviorTestKit<Association.Command, AssociationEvent, AssociationState> association = EventSourcedBehaviorTestKit.create(
                testKit.system(), Association.create(PAIR, new Association.Parts(nanos -> { }, () -> Instant.EPOCH.plusMillis(members.timeMs()),
                        members, new Association.UpdateTiming(Duration.ofMillis(5), Duration.ofMillis(3), pair -> 1_000), pair -> { })),
                EventSourcedBehaviorTestKit.disabledSerializationSettings());
        association.clear();
        demand(association, members, PAIR.low());
        demand(association, members, PAIR.high());
        for (int update = 1; update <= UPDATES; update++) {
            members.faulty(true);
            long olderThan = members.timeMs();
            start(association, olderThan);
            for (int disturbance = random.nextInt(3); disturbance > 0; disturbance--) {
                members.awaitSteps(1 + random.nextInt(4));
                switch (random.nextInt(3)) {
                    case 0 -> association.restart();
                    case 1 -> restart(association, members, PAIR.low());
                    default -> restart(association, members, PAIR.high());
                }
                start(association, olderThan);
            }
            members.faulty(false);
            finish(association, olderThan, seed);
            demand(association, members, PAIR.low());
            demand(association, members, PAIR.high());
            members.exchange();
            assertEquals(List.of(), members.faults(), "seed " + seed);
            AssociationState state = association.getState();
            assertNull(state.update(), "seed " + seed);
            assertEquals(state.newest().number(), members.sendsUnder(PAIR.low()), "seed " + seed);
            assertEquals(state.newest().number(), members.sendsUnder(PAIR.high()), "seed " + seed);
            assertFalse(state.versionSince() < olderThan, "seed " + seed);
        }
    }

    private TestProbe<UpdateCommand.Reply> start(
            EventSourcedBehaviorTestKit<Association.Command, AssociationEvent, AssociationState> association, long olderThan) {
        TestProbe<UpdateCommand.Reply> probe = testKit.createTestProbe();
        association.runCommand(new UpdateCommand.Start(PAIR, olderThan, probe.ref()));
        return probe;
    }

    /** Without faults, asking again until it says that it has ended. */
    private void finish(EventSourcedBehaviorTestKit<Association.Command, AssociationEvent, AssociationState> association, long olderThan,
            long seed) {
        for (int attempt = 0; attempt < 20; attempt++) {
            UpdateCommand.Reply last = start(association, olderThan).fishForMessage(PATIENCE, "seed " + seed, reply ->
                    reply instanceof UpdateCommand.UnderWay ? FishingOutcomes.continueAndIgnore() : FishingOutcomes.complete()).getLast();
            if (last instanceof UpdateCommand.Updated || last instanceof UpdateCommand.NotNeeded) {
                return;
            }
        }
        throw new AssertionError("seed " + seed + ": the update does not end");
    }

    private void restart(EventSourcedBehaviorTestKit<Association.Command, AssociationEvent, AssociationState> association,
            ModelMembers members, String member) {
        members.restart(member);
        demand(association, members, member);
        members.exchange();
        // Whoever has met a packet it could not open asks, too.
        demand(association, members, PAIR.low());
        demand(association, members, PAIR.high());
        members.exchange();
    }

    private static void demand(EventSourcedBehaviorTestKit<Association.Command, AssociationEvent, AssociationState> association,
            ModelMembers members, String member) {
        String peer = member.equals(PAIR.low()) ? PAIR.high() : PAIR.low();
        Association.Allocated allocated = assertInstanceOf(Association.Allocated.class, association.<Association.Reply>runCommand(
                replyTo -> new Demand(PAIR, member, members.incarnation(member), members.incarnation(peer), 0, 1, List.of(1), replyTo)).reply());
        members.granted(member, allocated.generation());
        if (allocated.peerIsDue()) {
            members.granted(peer, allocated.generation());
        }
    }
}
