package org.pairspan.cli.lab.line;

import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.node.posix.PollDescriptor;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/** Waits for frames at two sockets, with a limit in nanoseconds ({@code ppoll(2)}). */
final class Readiness {

    private static final MethodHandle PPOLL = Linker.nativeLinker().downcallHandle(Linker.nativeLinker().defaultLookup().findOrThrow("ppoll"),
        FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS));

    private final MemorySegment descriptors;
    private final MemorySegment limit;

    Readiness(Arena arena, int first, int second) {
        descriptors = arena.allocate(2 * PollDescriptor.LENGTH, 8);
        limit = arena.allocate(16, 8);
        final UnsafeBuffer buffer = new UnsafeBuffer(descriptors.asByteBuffer());
        PollDescriptor.put(buffer, 0, first, PollDescriptor.POLLIN);
        PollDescriptor.put(buffer, PollDescriptor.LENGTH, second, PollDescriptor.POLLIN);
    }

    /** Waits at most that long; comes back early when a signal or a frame comes. */
    void await(long nanoseconds) {
        limit.set(JAVA_LONG, 0, nanoseconds / 1_000_000_000);
        limit.set(JAVA_LONG, 8, nanoseconds % 1_000_000_000);
        try {
            // Whoever waits reads both sockets after it, so the result tells nothing that is needed.
            final int ready = (int) PPOLL.invokeExact(descriptors, 2L, limit, MemorySegment.NULL);
        } catch (Throwable e) {
            throw new IllegalStateException("ppoll could not be called", e);
        }
    }
}
