package org.pairspan.node.posix;

import org.agrona.MutableDirectBuffer;

/**
 * {@code struct iovec}: one stretch of memory.
 * <pre>
 *   0                               8                               16
 *   | base address                  | length                        |
 * </pre>
 */
public final class IoVector {
    public static final int LENGTH = 16;
    public static final int BASE_OFFSET = 0;
    public static final int LENGTH_OFFSET = 8;

    private IoVector() {
    }

    /** Writes a whole structure: an address in this process, and bytes from there. */
    public static void put(MutableDirectBuffer buffer, int offset, long base, long length) {
        buffer.putLong(offset + BASE_OFFSET, base);
        buffer.putLong(offset + LENGTH_OFFSET, length);
    }
}
