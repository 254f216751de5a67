package org.pairspan.protocol.association;

/**
 * The sender's extended sequence numbers (RFC 4303 section 2.2.1): 1, 2, 3 up to a last one and then no more, because each is the
 * nonce of a packet and none may come twice under a key. One thread.
 */
public final class SequenceNumbers {
    /** What {@link #next()} answers when all numbers are used up. */
    public static final long EXHAUSTED = 0;

    private final long last;
    private long current;

    /** Counts from 1 to {@code last}, at least 1. */
    public SequenceNumbers(long last) {
        this(0, last);
    }

    /** Goes on after {@code current}: its successor comes next. */
    public SequenceNumbers(long current, long last) {
        if (current < 0 || last < 1) {
            throw new IllegalArgumentException("sequence numbers run from 1 up: after " + current + ", last " + last);
        }
        this.current = current;
        this.last = last;
    }

    /** The next number, or {@link #EXHAUSTED} for good once the last one is given. */
    public long next() {
        return current < last ? ++current : EXHAUSTED;
    }

    /** The number given last; 0 before the first. */
    public long current() {
        return current;
    }
}
