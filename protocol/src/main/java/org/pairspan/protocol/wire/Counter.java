package org.pairspan.protocol.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A count that one thread alone raises, without a locked instruction, and any thread reads. */
public final class Counter {
    private static final VarHandle VALUE;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(Counter.class, "value", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("unused") // through VALUE
    private long value;

    /** Adds one. Owner thread only. */
    public void increment() {
        add(1);
    }

    /** Adds to the count. Owner thread only. */
    public void add(long amount) {
        set(value + amount);
    }

    /** Replaces the count. Owner thread only. */
    public void set(long amount) {
        VALUE.setRelease(this, amount);
    }

    /** The count, perhaps a moment old. Any thread. */
    public long get() {
        return (long) VALUE.getAcquire(this);
    }
}
