package org.pairspan.kms.update;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pairspan.kms.association.UpdateCommand;
import org.pairspan.kms.cluster.EntityTestKit;
import org.pairspan.kms.config.KeyUpdateLimits;
import org.pairspan.kms.pairkey.PairId;
import org.pairspan.kms.pairkey.VersionCommand;

class KeyUpdatesTest {

    private static final Duration LOOK_EVERY = Duration.ofMinutes(10);
    private static final KeyUpdateLimits LIMITS = new KeyUpdateLimits(Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(10),
            Duration.ofHours(1), 1_000, LOOK_EVERY, 20, 64);

    private final ActorTestKit testKit = ActorTestKit.create(EntityTestKit.config());
    /** What the pairs were told, but for updates that were told again. */
    private final Set<String> told = Collections.synchronizedSet(new TreeSet<>());
    private final Set<String> revoked = ConcurrentHashMap.newKeySet();
    private final FakeCensus census = new FakeCensus();
    private volatile long nowMs = Instant.EPOCH.plus(Duration.ofDays(1)).toEpochMilli();
    private EventSourcedBehaviorTestKit<KeyUpdates.Command, KeyUpdateEvent, UpdatePlan> updates;

    /** Pairs that a test names; those whose keys are destroyed it has no more. */
    private final class FakeCensus implements PairCensus {

        private final Set<String> pairs = Collections.synchronizedSet(new TreeSet<>());
        private volatile boolean failing;
        private volatile int questions;
        /** What passes on the clock while a question is answered. */
        private volatile Duration takes = Duration.ZERO;

        @Override
        public CompletionStage<List<String>> next(String after, String member, int most) {
            return answer(after, most, member);
        }

        @Override
        public CompletionStage<List<String>> unchangedSince(String after, long atMs, int most) {
            return answer(after, most, null);
        }

        private synchronized CompletionStage<List<String>> answer(String after, int most, String member) {
            questions++;
            nowMs += takes.toMillis();
            return failing ? CompletableFuture.failedStage(new IllegalStateException("the test's database is gone"))
                    : CompletableFuture.completedStage(List.copyOf(pairs).stream().filter(pair -> pair.compareTo(after) > 0)
                            .filter(pair -> member == null || PairId.parse(pair).has(member)).limit(most).toList());
        }
    }

    private final class FakeOrders implements PairOrders {

        @Override
        public void update(String pair, long olderThanMs, ActorRef<UpdateCommand.Reply> replies) {
            told.add("update " + pair + (olderThanMs == 0 ? ", if it has begun" : ""));
        }

        @Override
        public CompletionStage<VersionCommand.Done> destroy(String pair) {
            told.add("destroy " + pair);
            census.pairs.remove(pair);
            return CompletableFuture.completedStage(new VersionCommand.Done(true));
        }
    }

    @BeforeEach
    void start() {
        KeyAges ages = new KeyAges() {
            @Override
            public List<Duration> all() {
                return List.of();
            }

            @Override
            public boolean isLimitOf(String pair, Duration age) {
                return false;
            }
        };
        updates = EventSourcedBehaviorTestKit.create(testKit.system(),
                KeyUpdates.create(new KeyUpdates.Parts(LIMITS, ages, census, new FakeOrders(), revoked, () -> Instant.ofEpochMilli(nowMs))),
                EventSourcedBehaviorTestKit.disabledSerializationSettings());
    }

    @AfterEach
    void stop() {
        testKit.shutdownTestKit();
    }

    @Test
    void whatACancelledJobHadBegunIsFinishedAndWhatItHadNotIsForgotten() {
        census.pairs.addAll(List.of("a~b", "a~c", "a~d"));
        long job = begin(UpdateJob.MEMBER, "a");
        pass(Duration.ofSeconds(1), 2);
        assertEquals(Set.of("update a~b", "update a~c", "update a~d"), told);
        answer(new UpdateCommand.UnderWay(PairId.parse("a~b"), "activated"));
        answer(new UpdateCommand.NotNow(PairId.parse("a~c"), "c is away"));
        told.clear();

        assertEquals(job, cancel(job));
        assertEquals("2 running: what key update 1 had begun when it was cancelled, 0 of 2 done, 2 under way, 0 waiting", report().jobs().getFirst());
        assertEquals(0, cancel(2), "what was begun cannot be cancelled");
        pass(Duration.ofMillis(OpenPairs.SILENT_MS), 2);
        assertEquals(Set.of("update a~b, if it has begun", "update a~d, if it has begun"), told);
        told.clear();
        updates.restart();
        pass(Duration.ofSeconds(1), 2);
        assertEquals(Set.of("update a~b, if it has begun", "update a~d, if it has begun"), told, "whoever keeps the list now goes on");
        answer(new UpdateCommand.Updated(PairId.parse("a~b"), 2));
        answer(new UpdateCommand.NotNow(PairId.parse("a~d"), "it was rolled back"));
        pass(Duration.ZERO, 1);
        assertTrue(report().jobs().getFirst().startsWith("2 done: "), () -> report().jobs().toString());
        assertTrue(plan().open().isEmpty());
    }

    @Test
    void aPairThatOnlyFinishesWhatWasBegunIsUpdatedByTheNextJob() {
        census.pairs.add("a~b");
        long job = begin(UpdateJob.MEMBER, "a");
        pass(Duration.ofSeconds(1), 2);
        cancel(job);
        told.clear();
        begin(UpdateJob.ALL, "");
        pass(Duration.ofMillis(OpenPairs.SILENT_MS), 2);
        assertTrue(told.contains("update a~b"), told::toString);
    }

    @Test
    void anUpdateThatWasUnderWayBeforeAJobDoesNotCountForIt() {
        census.pairs.add("a~b");
        begin(UpdateJob.PAIR, "a~b");
        pass(Duration.ofSeconds(1), 2);
        answer(new UpdateCommand.UnderWay(PairId.parse("a~b"), "retiring"));
        for (int kind : List.of(UpdateJob.PAIR, UpdateJob.MEMBER, UpdateJob.ALL)) {
            pass(Duration.ofMillis(1), 1);
            long job = begin(kind, kind == UpdateJob.PAIR ? "a~b" : kind == UpdateJob.MEMBER ? "a" : "");
            pass(Duration.ofMillis(1), 2);
            told.clear();
            answer(new UpdateCommand.Updated(PairId.parse("a~b"), 2));
            assertEquals(Map.of("a~b", job), plan().open());
            pass(Duration.ofMillis(1), 1);
            assertEquals(Set.of("update a~b"), told);
        }
        answer(new UpdateCommand.Updated(PairId.parse("a~b"), 3));
        assertTrue(plan().open().isEmpty());
    }

    @Test
    void aSearchThatFailsIsRepeatedAfterPausesThatGrow() {
        census.failing = true;
        begin(UpdateJob.MEMBER, "a");
        int before = census.questions;
        pass(Duration.ofSeconds(10), 50);
        assertTrue(census.questions - before <= 4, () -> census.questions + " questions in 10 s");
        assertTrue(census.questions > before);
    }

    @Test
    void aRevocationThatNobodyFollowedUpEndsWithTheDestructionOfTheKeysAndOfThoseThatCameLate() {
        census.pairs.addAll(List.of("a~b", "a~c", "b~c"));
        revoked.add("b");
        pass(Duration.ofMillis(RevokedSearch.FIRST_MS), 10);
        pass(Duration.ofSeconds(1), 5);
        assertEquals(Set.of("destroy a~b", "destroy b~c"), told);
        assertEquals(Set.of("a~c"), census.pairs);
        assertTrue(plan().open().isEmpty());
        // Its making was under way when its member was revoked.
        census.pairs.add("b~d");
        pass(Duration.ofMillis(RevokedSearch.SECOND_MS), 5);
        pass(Duration.ofSeconds(1), 5);
        assertTrue(told.contains("destroy b~d"), told::toString);
        updates.restart();
        census.pairs.add("b~e");
        pass(Duration.ofMillis(RevokedSearch.FIRST_MS), 5);
        pass(Duration.ofSeconds(1), 5);
        assertTrue(told.contains("destroy b~e"), told::toString);
    }

    @Test
    void aFirstSearchForKeysOfTheRevokedThatTakesOverAMinuteIsFollowedByTheSecondAllTheSame() {
        census.pairs.add("a~b");
        revoked.add("b");
        pass(Duration.ZERO, 1);
        census.takes = Duration.ofMillis(RevokedSearch.SECOND_MS);
        pass(Duration.ofMillis(RevokedSearch.FIRST_MS), 1);
        census.takes = Duration.ZERO;
        // Its making was under way when its member was revoked, and ended behind the search.
        census.pairs.add("b~d");
        pass(Duration.ofSeconds(2), 10);
        assertEquals(Set.of("destroy a~b", "destroy b~d"), told);
    }

    @Test
    void aDestructionThatRunsIsNotBegunAgain() {
        long job = begin(UpdateJob.DESTROY, "b");
        assertEquals(job, begin(UpdateJob.DESTROY, "b"));
        assertFalse(job == begin(UpdateJob.DESTROY, "c"));
    }

    @Test
    void aPairThatMayNotShareKeysLeavesTheListAndIsNamed() {
        long job = begin(UpdateJob.PAIR, "a~b");
        pass(Duration.ofSeconds(1), 1);
        answer(new UpdateCommand.NotAllowed(PairId.parse("a~b"), "rule 'apart' denies it"));
        assertTrue(plan().open().isEmpty());
        assertEquals(List.of("a~b: not updated, rule 'apart' denies it"), report().waiting());
        pass(Duration.ZERO, 1);
        assertEquals(job + " done: pair a~b, 1 of 1 done, 0 under way, 0 waiting, 1 not allowed", report().jobs().getFirst());
    }

    @Test
    void pairsWhoseUpdateWaitsKeepNoOthersFromBeingFoundWhenTheyComeOfAge() {
        int pairs = AgeSearch.PAGE + 5;
        IntStream.range(0, pairs).forEach(i -> census.pairs.add("a~b%05d".formatted(i)));
        pass(LOOK_EVERY.plusSeconds(1), 1);
        pass(Duration.ofMillis(1), 1);
        pass(Duration.ofMillis(1), 1);
        assertEquals(pairs, plan().open().size());
        int questions = census.questions;
        pass(LOOK_EVERY.minusSeconds(1), 1);
        assertEquals(questions, census.questions, "until the next round");
    }

    /** Lets time pass, in so many turns. */
    private void pass(Duration time, int turns) {
        long stepMs = time.toMillis() / turns;
        for (int i = 1; i <= turns; i++) {
            nowMs += i == turns ? time.toMillis() - stepMs * (turns - 1) : stepMs;
            updates.runCommand(new KeyUpdates.Turn());
            // What a turn has asked for is answered before this is.
            report();
        }
    }

    private void answer(UpdateCommand.Reply reply) {
        updates.runCommand(new KeyUpdates.Answered(reply));
    }

    private long begin(int kind, String scope) {
        return updates.<UpdateJobs.Begun>runCommand(replyTo -> new UpdateJobs.Begin(kind, scope, replyTo)).reply().job();
    }

    private long cancel(long job) {
        return updates.<UpdateJobs.Begun>runCommand(replyTo -> new UpdateJobs.Cancel(job, replyTo)).reply().job();
    }

    private UpdateJobs.Report report() {
        return updates.<UpdateJobs.Report>runCommand(UpdateJobs.Ask::new).reply();
    }

    private UpdatePlan plan() {
        return updates.getState();
    }
}
