package org.pairspan.kms.journal.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Work of one kind for the database. What comes while all workers are busy waits, and goes to the database together as soon as one is free:
 * a lone piece of work waits for nothing, and many cost little more than one. Any thread.
 *
 * @param <Q> a piece of work
 * @param <A> what it leads to
 */
final class Grouped<Q, A> {

    /** Pieces in one group; what is behind them takes the next turn. */
    static final int MOST = 64;

    private final int mostWorkers;
    private final Executor threads;
    private final Connections connections;
    private final Work<Q, A> work;
    private final Queue<Piece<Q, A>> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger workers = new AtomicInteger();

    /** Where connections come from; whoever takes one closes it. */
    @FunctionalInterface
    interface Connections {
        Connection take() throws SQLException;
    }

    /** Does the work of a group. */
    @FunctionalInterface
    interface Work<Q, A> {

        /** Completes pieces that it is done with, well or not; what it leaves open when it throws fails with what it throws. */
        void run(Connection connection, List<Piece<Q, A>> group) throws SQLException;
    }

    /** One piece of work, and who waits for it. */
    record Piece<Q, A>(Q question, CompletableFuture<A> answer) {
    }

    /** @param mostWorkers groups that are worked on at once, each by a thread with a connection; from 1 */
    Grouped(int mostWorkers, Executor threads, Connections connections, Work<Q, A> work) {
        this.mostWorkers = mostWorkers;
        this.threads = threads;
        this.connections = connections;
        this.work = work;
    }

    CompletionStage<A> ask(Q question) {
        CompletableFuture<A> answer = new CompletableFuture<>();
        waiting.add(new Piece<>(question, answer));
        engageWorker();
        return answer;
    }

    private void engageWorker() {
        int busy = workers.get();
        while (busy < mostWorkers) {
            if (workers.compareAndSet(busy, busy + 1)) {
                start();
                return;
            }
            busy = workers.get();
        }
    }

    private void start() {
        try {
            threads.execute(this::work);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            // The store is closed, or there is no thread to be had.
            workers.decrementAndGet();
            for (Piece<Q, A> piece = waiting.poll(); piece != null; piece = waiting.poll()) {
                piece.answer().completeExceptionally(e);
            }
        }
    }

    private void work() {
        try {
            List<Piece<Q, A>> group = next();
            while (!group.isEmpty()) {
                run(group);
                group = next();
            }
        } finally {
            workers.decrementAndGet();
        }
        // What came after the last look, and found no worker missing.
        if (!waiting.isEmpty()) {
            engageWorker();
        }
    }

    private List<Piece<Q, A>> next() {
        List<Piece<Q, A>> group = new ArrayList<>();
        for (Piece<Q, A> piece = waiting.poll(); piece != null; piece = group.size() < MOST ? waiting.poll() : null) {
            group.add(piece);
        }
        return group;
    }

    private void run(List<Piece<Q, A>> group) {
        try (Connection connection = connections.take()) {
            work.run(connection, group);
        } catch (SQLException | RuntimeException | Error e) {
            // Whatever it is: an entity whose write never ended would not come back.
            group.forEach(piece -> piece.answer().completeExceptionally(e));
        }
    }
}
