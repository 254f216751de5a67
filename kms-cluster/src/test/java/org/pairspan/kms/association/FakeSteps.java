package org.pairspan.kms.association;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.pairspan.kms.pairkey.PairId;

/** Members and a pair key that do what a test wants, and remember what they were told. */
final class FakeSteps implements UpdateSteps {

    final List<String> taken = Collections.synchronizedList(new ArrayList<>());
    volatile Outcome low = Outcome.DONE;
    volatile Outcome high = Outcome.DONE;
    volatile boolean connected = true;
    volatile boolean allowed = true;
    /** What {@link #begin} comes to, where it is not to come at once. */
    volatile CompletableFuture<Ready> beginning;
    /** Answers wait for {@link #release()}. */
    volatile boolean answersHeld;
    /** Acknowledges nothing but PREPARE. */
    volatile String awayAfterPrepare;
    /** Completes when a member comes back. */
    volatile CompletableFuture<Boolean> connections = new CompletableFuture<>();
    private final List<Runnable> held = new ArrayList<>();
    private int version = 1;

    @Override
    public synchronized CompletionStage<Ready> begin(PairId pair) {
        if (!allowed) {
            return CompletableFuture.failedStage(new NotAllowedException("the test does not allow it"));
        }
        if (beginning != null) {
            return beginning;
        }
        return connected ? CompletableFuture.completedStage(new Ready(++version, 11, 22))
                : CompletableFuture.failedStage(new NotReadyException(pair.high() + " is not connected"));
    }

    @Override
    public CompletionStage<Outcome> towards(String member, Step step, Generation next) {
        taken.add(step + " " + member + " " + next.keyVersion());
        Outcome outcome = step != Step.PREPARE && member.equals(awayAfterPrepare) ? Outcome.AWAY
                : member.equals(next.pair().low()) ? low : high;
        CompletableFuture<Outcome> answer = new CompletableFuture<>();
        synchronized (this) {
            if (answersHeld) {
                held.add(() -> answer.complete(outcome));
                return answer;
            }
        }
        answer.complete(outcome);
        return answer;
    }

    /** What was held back comes now, and late. */
    synchronized void release() {
        answersHeld = false;
        held.forEach(Runnable::run);
        held.clear();
    }

    /** What was held back never comes. */
    synchronized void forget() {
        answersHeld = false;
        held.clear();
    }

    @Override
    public CompletionStage<Boolean> connectsWithin(String member, Duration time) {
        return connections;
    }

    @Override
    public CompletionStage<Void> activateKey(PairId pair, int activated) {
        taken.add("key " + activated);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Void> retireKey(PairId pair, int retired) {
        taken.add("no key " + retired);
        return CompletableFuture.completedStage(null);
    }
}
