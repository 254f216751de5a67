package org.pairspan.protocol.transport;

/** How a datagram is cut: the arithmetic of PS-5, for a loop that protects one fragment after the other. */
public final class Fragments {
    private Fragments() {
    }

    /** Number of fragments of a datagram of {@code total} bytes (1 or more) in chunks of {@code chunk} bytes (1 or more). */
    public static int count(int total, int chunk) {
        return (total + chunk - 1) / chunk;
    }

    /** Length of the fragment at this offset. */
    public static int length(int total, int chunk, int offset) {
        return Math.min(chunk, total - offset);
    }
}
