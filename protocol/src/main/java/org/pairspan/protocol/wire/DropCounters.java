package org.pairspan.protocol.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One counter for each {@link DropReason}. One thread counts; any thread may read, and sees each counter grow, never shrink.
 */
public final class DropCounters {
    private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] counts = new long[DropReason.idLimit()];

    /** Counts one drop. Owner thread only. */
    public void increment(DropReason reason) {
        add(reason, 1);
    }

    /** Counts one drop by the negated id that {@code open} and {@code onFragment} answer with. Owner thread only. */
    public void incrementByResult(int negatedId) {
        add(DropReason.ofId(-negatedId), 1);
    }

    /** Counts several drops of one reason. Owner thread only. */
    public void add(DropReason reason, long number) {
        ELEMENT.setRelease(counts, reason.id(), counts[reason.id()] + number);
    }

    /** Drops so far for this reason. Any thread. */
    public long get(DropReason reason) {
        return (long) ELEMENT.getAcquire(counts, reason.id());
    }

    /** Drops so far for all reasons. Any thread; exact once the owner is quiet. */
    public long total() {
        long total = 0;
        for (int id = 0; id < counts.length; id++) {
            total += (long) ELEMENT.getAcquire(counts, id);
        }
        return total;
    }
}
