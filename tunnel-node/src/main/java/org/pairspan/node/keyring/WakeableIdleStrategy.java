package org.pairspan.node.keyring;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.IdleStrategy;

/** Parks a control thread until somebody has something for it, or a timer may be due. */
public final class WakeableIdleStrategy implements IdleStrategy {
    private static final long LONGEST_NS = Duration.ofMillis(20).toNanos();

    private volatile Thread parked;

    /** Ends the wait, or the next one if the thread is not waiting. Any thread; never blocks. */
    public void wake() {
        LockSupport.unpark(parked);
    }

    @Override
    public void idle(int workCount) {
        if (workCount == 0) {
            idle();
        }
    }

    @Override
    public void idle() {
        if (parked != Thread.currentThread()) {
            parked = Thread.currentThread();
        }
        LockSupport.parkNanos(LONGEST_NS);
    }

    @Override
    public void reset() {
        // Nothing is kept between waits.
    }
}
