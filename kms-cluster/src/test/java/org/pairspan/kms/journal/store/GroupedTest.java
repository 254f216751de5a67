package org.pairspan.kms.journal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GroupedTest {

    private final AtomicInteger tried = new AtomicInteger();

    @Test
    void anErrorEndsWhatItHitAndNothingElse() {
        Grouped<String, String> grouped = grouped(Runnable::run, () -> failFirst(new StackOverflowError()));
        assertTrue(ask(grouped, "first").isCompletedExceptionally());
        assertEquals("second", ask(grouped, "second").join());
    }

    @Test
    void whereNoThreadIsToBeHadNothingWaitsForOneAndTheNextIsTriedAgain() {
        Grouped<String, String> grouped = grouped(work -> {
            failFirst(new OutOfMemoryError("no thread"));
            work.run();
        }, () -> { });
        assertTrue(ask(grouped, "first").isCompletedExceptionally());
        assertEquals("second", ask(grouped, "second").join());
    }

    private void failFirst(Error error) {
        if (tried.getAndIncrement() == 0) {
            throw error;
        }
    }

    private static CompletableFuture<String> ask(Grouped<String, String> grouped, String question) {
        return grouped.ask(question).toCompletableFuture();
    }

    /** One worker, no database. */
    private static Grouped<String, String> grouped(Executor threads, Runnable before) {
        return new Grouped<>(1, threads, () -> null, (connection, group) -> {
            before.run();
            group.forEach(piece -> piece.answer().complete(piece.question()));
        });
    }
}
