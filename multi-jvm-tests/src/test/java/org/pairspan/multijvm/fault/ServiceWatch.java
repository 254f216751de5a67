package org.pairspan.multijvm.fault;

import org.pairspan.multijvm.harness.KeyLoad;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Members that ask for keys they have, one question after another, and how long the longest wait for an answer was. A member whose server stops finds
 * another one meanwhile; that counts.
 */
final class ServiceWatch implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** Between two questions: nothing beside the waits that are looked for. */
    private static final long PAUSE_NS = 50_000_000;

    private final KeyLoad load;
    private final Thread thread;
    private long longestNs;
    private int answers;
    private String failure;
    private volatile boolean stopping;

    ServiceWatch(KeyLoad load) {
        this.load = load;
        thread = Thread.ofVirtual().name("service-watch").start(this::watch);
    }

    private void watch() {
        try {
            while (!stopping) {
                final KeyLoad.Pair pair = load.anyKnown();
                final long asked = System.nanoTime();
                pair.one().ask(pair.other().address(), LIMIT);
                longestNs = Math.max(longestNs, System.nanoTime() - asked);
                answers++;
                LockSupport.parkNanos(PAUSE_NS);
            }
        } catch (TimeoutException e) {
            failure = e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the watch; returns the longest wait. */
    Duration stop() throws InterruptedException, TimeoutException {
        close();
        if (failure != null) {
            throw new TimeoutException(failure);
        }
        System.out.printf("  %,d questions of members watched, the longest wait for a key was %.1f s%n", answers, longestNs / 1e9);
        return Duration.ofNanos(longestNs);
    }

    @Override
    public void close() throws InterruptedException {
        stopping = true;
        thread.join();
    }
}
