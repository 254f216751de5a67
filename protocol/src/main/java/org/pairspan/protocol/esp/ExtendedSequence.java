package org.pairspan.protocol.esp;

/** The receiver's inference of a 64-bit sequence number from its lower half (RFC 4303 appendix A2). */
public final class ExtendedSequence {
    private ExtendedSequence() {
    }

    /**
     * The sequence number that has this lower half and lies in the window, or else in front of it. Below zero where the inference
     * falls in front of the first number.
     *
     * @param sequenceLow lower 32 bits as received, unsigned (Seql).
     * @param highest the highest number authenticated so far (Th, Tl).
     * @param windowSize W.
     */
    public static long infer(int sequenceLow, long highest, int windowSize) {
        long low = Integer.toUnsignedLong(sequenceLow);
        long highestHigh = highest >>> Integer.SIZE;
        long highestLow = highest & 0xFFFF_FFFFL;
        long bottom = highestLow - windowSize + 1;
        long high;
        if (bottom >= 0) {
            // Case A: the window lies within one subspace.
            high = low >= bottom ? highestHigh : highestHigh + 1;
        } else {
            // Case B: the window spans two subspaces.
            high = low >= bottom + (1L << Integer.SIZE) ? highestHigh - 1 : highestHigh;
        }
        return high << Integer.SIZE | low;
    }
}
