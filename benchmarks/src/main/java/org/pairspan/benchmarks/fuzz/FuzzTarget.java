package org.pairspan.benchmarks.fuzz;

import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;

/** One decoder, and bytes that it takes. */
interface FuzzTarget {
    /** Well-formed inputs, to be changed here and there; none when random bytes get far enough. */
    List<byte[]> samples();

    /**
     * Gives an input. Anything thrown is a fault.
     *
     * @param input direct memory, exactly as long as the input, so that a read behind its end is noticed.
     * @param random for what else there is to choose.
     */
    void feed(UnsafeBuffer input, SplittableRandom random);

    /**
     * What a decoder says of an input that it refuses.
     *
     * @throws IllegalStateException where it says nothing.
     */
    static void requireReason(Exception refusal) {
        if (refusal.getMessage() == null) {
            throw new IllegalStateException("a refusal without a reason", refusal);
        }
    }
}
