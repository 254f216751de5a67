package org.pairspan.node.posix;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A descriptor that one thread waits on, with others, until another thread signals it ({@code eventfd(2)}). */
public final class EventDescriptor implements AutoCloseable {
    private final UnsafeBuffer one = new UnsafeBuffer(ByteBuffer.allocateDirect(Long.BYTES));
    private final UnsafeBuffer taken = new UnsafeBuffer(ByteBuffer.allocateDirect(Long.BYTES));
    private int descriptor;

    /** @throws IllegalStateException when the process may open no more descriptors. */
    public EventDescriptor() {
        one.putLong(0, 1);
        descriptor = Posix.eventfd(0, Posix.O_NONBLOCK | Posix.O_CLOEXEC);
        if (descriptor < 0) {
            throw new IllegalStateException("cannot make an event descriptor: " + Posix.message(descriptor));
        }
    }

    /** To poll(2) for reading; negative once closed. */
    public synchronized int descriptor() {
        return descriptor;
    }

    /** Makes it readable until {@link #clear}; nothing happens once it is closed. Any thread. */
    public synchronized void signal() {
        if (descriptor >= 0) {
            // It fails only where 2^64 signals have not been cleared.
            PacketCalls.write(descriptor, one.addressOffset(), Long.BYTES);
        }
    }

    /** Forgets the signals so far. The waiting thread. */
    public synchronized void clear() {
        if (descriptor >= 0) {
            PacketCalls.read(descriptor, taken.addressOffset(), Long.BYTES);
        }
    }

    /** Idempotent. */
    @Override
    public synchronized void close() {
        if (descriptor >= 0) {
            Posix.close(descriptor);
            descriptor = -1;
        }
    }
}
