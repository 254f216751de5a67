package org.pairspan.cli.lab.line;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

/**
 * Frames that are on their way, first in, first out, in a ring of bytes. One thread.
 *
 * <pre>
 *   0                 8          16
 *   | due time, ns    | length  | - | frame, padded to 8 | next ...       length -1: go on at the start
 * </pre>
 */
final class FrameRing {

    private static final int HEADER = 16;
    private static final int WRAP = -1;

    private final MemorySegment memory;
    private final long capacity;
    private long head;
    private long tail;

    /** Takes all its memory at once. */
    FrameRing(Arena arena, long capacity) {
        this.memory = arena.allocate(capacity, 8);
        this.capacity = capacity;
    }

    /** Adds a frame that is due at a time not before that of the frame ahead of it; false when there is no room. */
    boolean add(MemorySegment source, int length, long dueNs) {
        final long needed = HEADER + (length + 7L & ~7L);
        long at = tail % capacity;
        long skipped = 0;
        if (at + needed > capacity) {
            skipped = capacity - at;
        }
        if (tail + skipped + needed - head > capacity) {
            return false;
        }
        if (skipped > 0) {
            if (skipped >= HEADER) {
                memory.set(JAVA_INT, at + 8, WRAP);
            }
            tail += skipped;
            at = 0;
        }
        memory.set(JAVA_LONG, at, dueNs);
        memory.set(JAVA_INT, at + 8, length);
        MemorySegment.copy(source, 0, memory, at + HEADER, length);
        tail += needed;
        return true;
    }

    /** When the first frame is due; {@code Long.MAX_VALUE} when there is none. */
    long dueNs() {
        return head == tail ? Long.MAX_VALUE : memory.get(JAVA_LONG, first());
    }

    /** Where the first frame is; there must be one. */
    long address() {
        return memory.address() + first() + HEADER;
    }

    int length() {
        return memory.get(JAVA_INT, first() + 8);
    }

    void remove() {
        final long at = first();
        head += HEADER + (memory.get(JAVA_INT, at + 8) + 7L & ~7L);
    }

    /** The place of the first frame, behind what was skipped at the end of the ring. */
    private long first() {
        final long at = head % capacity;
        if (capacity - at < HEADER || memory.get(JAVA_INT, at + 8) == WRAP) {
            head += capacity - at;
            return 0;
        }
        return at;
    }
}
