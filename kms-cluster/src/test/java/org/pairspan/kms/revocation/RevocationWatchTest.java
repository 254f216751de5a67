package org.pairspan.kms.revocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.pairspan.kms.directory.Revocation;
import org.pairspan.kms.directory.RevocationCommand.Revocations;

@Isolated("it fills the JVM's common pool")
class RevocationWatchTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ActorTestKit testKit = ActorTestKit.create();
    private final RevokedMembers members = new RevokedMembers();
    private final List<Integer> questions = new CopyOnWriteArrayList<>();
    /** What the directory will say, in this order; the last for good. */
    private final List<CompletionStage<Revocations>> answers = new ArrayList<>();

    @AfterEach
    void stop() {
        testKit.shutdownTestKit();
    }

    @Test
    void allAreKnownWhenTheDirectoryHasNoOthersAndNotBefore() throws Exception {
        CompletableFuture<Revocations> second = new CompletableFuture<>();
        answers.add(CompletableFuture.failedStage(new IllegalStateException("no answer")));
        answers.add(CompletableFuture.completedStage(revocations("a", "b")));
        answers.add(second);
        answers.add(CompletableFuture.completedStage(revocations()));
        testKit.spawn(RevocationWatch.create(this::ask, members));
        testKit.createTestProbe().awaitAssert(PATIENCE, () -> {
            assertEquals(List.of(0, 0, 2), questions);
            return null;
        });
        assertTrue(members.has("b"));
        assertFalse(members.awaitKnown(Duration.ZERO), "there may be more");
        assertFalse(members.isComplete());
        second.complete(revocations("c"));
        assertTrue(members.awaitKnown(PATIENCE));
        assertTrue(members.isComplete());
        assertTrue(members.has("c"));
        assertEquals(3, questions.get(3));
    }

    @Test
    void thePoolThatBringsTheAnswersMayWaitForThem() throws Exception {
        int threads = ForkJoinPool.getCommonPoolParallelism();
        List<CompletableFuture<Boolean>> waiting = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            waiting.add(CompletableFuture.supplyAsync(this::isKnown));
        }
        answers.add(CompletableFuture.supplyAsync(RevocationWatchTest::revocations));
        testKit.spawn(RevocationWatch.create(this::ask, members));
        for (CompletableFuture<Boolean> one : waiting) {
            assertTrue(one.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        }
    }

    private boolean isKnown() {
        try {
            return members.awaitKnown(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private CompletionStage<Revocations> ask(int known) {
        questions.add(known);
        return answers.get(Math.min(questions.size(), answers.size()) - 1);
    }

    private static Revocations revocations(String... ids) {
        return new Revocations(List.of(ids).stream().map(id -> new Revocation(id, 0, "test", 1)).toList());
    }
}
