package org.pairspan.protocol.padding;

import java.util.concurrent.TimeUnit;

/**
 * How traffic to a peer is padded.
 *
 * @param mode       what is hidden.
 * @param multiple   to which plaintexts are padded in {@link PaddingMode#MULTIPLE}, 4 to 65,536 bytes; else ignored.
 * @param intervalNs between two datagrams in {@link PaddingMode#CONSTANT_RATE}, 10 µs to 10 s; else ignored.
 */
public record PaddingSettings(PaddingMode mode, int multiple, long intervalNs) {
    /** No padding. */
    public static final PaddingSettings OFF = new PaddingSettings(PaddingMode.NONE, 0, 0);

    private static final int SMALLEST_MULTIPLE = 4;
    private static final int LARGEST_MULTIPLE = 1 << 16;
    private static final long SHORTEST_NS = TimeUnit.MICROSECONDS.toNanos(10);
    private static final long LONGEST_NS = TimeUnit.SECONDS.toNanos(10);

    /** Checks the ranges. */
    public PaddingSettings {
        if (mode == PaddingMode.MULTIPLE && (multiple < SMALLEST_MULTIPLE || multiple > LARGEST_MULTIPLE)) {
            throw new IllegalArgumentException("padding to a multiple takes " + SMALLEST_MULTIPLE + " to " + LARGEST_MULTIPLE
                + " bytes, not " + multiple);
        }
        if (mode == PaddingMode.CONSTANT_RATE && (intervalNs < SHORTEST_NS || intervalNs > LONGEST_NS)) {
            throw new IllegalArgumentException("a constant rate takes an interval of 10 µs to 10 s, not " + intervalNs + " ns");
        }
    }
}
