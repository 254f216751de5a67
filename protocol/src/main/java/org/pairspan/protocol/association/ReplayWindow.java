package org.pairspan.protocol.association;

/**
 * Which sequence numbers came already, as RFC 6479: a ring of 64-bit blocks in which the window slides by whole blocks, so that
 * nothing is ever shifted. Check first ({@link #admits}), authenticate, then {@link #accept}; a forged packet moves nothing. One
 * thread.
 */
public final class ReplayWindow {
    /**
     * Sequence numbers at the left of the highest that are still told apart. A segmentation offload batch is some fifty packets;
     * this bears more than a hundred batches out of order.
     */
    public static final int SIZE = 8128;

    private static final int BLOCK_BITS_LOG2 = 6;
    // One block more than the window fills, because the newest block is only partly in use.
    private static final int BLOCKS = (SIZE >> BLOCK_BITS_LOG2) + 1;
    private static final int BLOCK_MASK = BLOCKS - 1;

    private final long[] ring = new long[BLOCKS];
    private long highest;

    /** A window that has seen nothing: every number from 1 is new. */
    public ReplayWindow() {
        this(0);
    }

    /** A window that has already moved to this number without any left of it being seen. */
    public ReplayWindow(long highest) {
        this.highest = highest;
    }

    /** The highest sequence number accepted; 0 before the first. */
    public long highest() {
        return highest;
    }

    /** Whether this number is new: not seen and not left of the window. Changes nothing. Numbers below 1 are never new. */
    public boolean admits(long sequence) {
        if (sequence > highest) {
            return true;
        }
        if (sequence < 1 || highest - sequence >= SIZE) {
            return false;
        }
        return (ring[blockIndex(sequence)] & bit(sequence)) == 0;
    }

    /** Marks an authentic number as seen and moves the window up to it. The number is one that {@link #admits} admits. */
    public void accept(long sequence) {
        if (sequence > highest) {
            long from = highest >>> BLOCK_BITS_LOG2;
            long blocks = Math.min((sequence >>> BLOCK_BITS_LOG2) - from, BLOCKS);
            for (long block = 1; block <= blocks; block++) {
                ring[(int) (from + block) & BLOCK_MASK] = 0;
            }
            highest = sequence;
        }
        ring[blockIndex(sequence)] |= bit(sequence);
    }

    private static int blockIndex(long sequence) {
        return (int) (sequence >>> BLOCK_BITS_LOG2) & BLOCK_MASK;
    }

    private static long bit(long sequence) {
        return 1L << sequence;
    }
}
