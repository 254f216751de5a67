package org.pairspan.kms.audit.chain;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.pairspan.kms.audit.AuditRecord;

/** Records that wait for the log's thread, and those that it is writing. Any thread; only the log's takes. */
final class WaitingRecords {

    /** So many wait at the most. */
    static final int MOST = 10_000;

    private static final int MAX_BATCH = 1_000;

    /** Wakes the writer to see that it shall end; an interrupt would close the file under it. */
    private static final Pending WAKE = new Pending(null, null);

    private final BlockingQueue<Pending> queue = new ArrayBlockingQueue<>(MOST);
    /** Not changed after it is set. */
    private volatile List<Pending> inHand = List.of();

    /**
     * A record, and who wants to know whether it was kept.
     *
     * @param kept completes when it is kept, or refused
     */
    record Pending(AuditRecord record, CompletableFuture<Void> kept) {
    }

    /** Returns whether there was room. */
    boolean offer(Pending pending) {
        return queue.offer(pending);
    }

    /** Returns whether it still waited. */
    boolean remove(Pending pending) {
        return queue.remove(pending);
    }

    int size() {
        return queue.size();
    }

    /** Whoever waits in {@link #take} returns. Where there is no room for that, there are records enough to return with. */
    void wake() {
        queue.offer(WAKE);
    }

    /** As many as one batch has, which are in hand from now on; none when none came for so long, ns, or somebody woke it. */
    List<Pending> take(long patienceNs) throws InterruptedException {
        List<Pending> batch = new ArrayList<>();
        Pending first = queue.poll(patienceNs, TimeUnit.NANOSECONDS);
        if (first != null) {
            batch.add(first);
            queue.drainTo(batch, MAX_BATCH - 1);
        }
        return inHand(batch);
    }

    /** All there are, which are in hand from now on. */
    List<Pending> takeAll() {
        List<Pending> batch = new ArrayList<>();
        queue.drainTo(batch);
        return inHand(batch);
    }

    private List<Pending> inHand(List<Pending> batch) {
        batch.removeIf(pending -> pending == WAKE);
        inHand = batch;
        return batch;
    }

    /** Each that was in hand is kept or refused. */
    void done() {
        inHand = List.of();
    }

    /** Those in hand, and those that wait, which do so no more. */
    List<Pending> giveUp() {
        List<Pending> all = new ArrayList<>(inHand);
        queue.drainTo(all);
        all.removeIf(pending -> pending == WAKE);
        return all;
    }
}
