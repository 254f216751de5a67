package org.pairspan.node.bearer;

import java.util.concurrent.TimeUnit;

/**
 * How long the terms of our stream to a peer are. Every byte of them is written, read and cleared in turn, so three short ones, which stay
 * in the processor's cache, save a tenth of the work; but no more than half a term can be in flight. So a stream has short terms, which are
 * enough for a peer nearby, and gets longer ones once the peer has proved to be far. From there they follow the need: a peer whose window
 * takes all that a stream can have in flight gets terms of twice the length, up to the configured one. Each change is a new stream, so
 * distances between near and far change nothing.
 *
 * <table>
 * <caption>States</caption>
 * <tr><td><em>short</em></td><td>the round trip is not known, or not known to be long</td></tr>
 * <tr><td><em>long</em></td><td>the shortest round trip was long for a while; the length follows the peer's window</td></tr>
 * </table>
 */
final class TermLength {
    /** Half of it in flight is 2 Gbit/s at {@link #FAR_NS}. */
    static final int SHORT = 512 * 1024;
    /** What a peer far away gets at first. */
    static final int LONG = 4 * SHORT;
    static final long FAR_NS = TimeUnit.MILLISECONDS.toNanos(1);
    static final long NEAR_NS = FAR_NS / 2;
    /** Hardly a cold node makes so much of a short path, and if it does, that is found out soon: no need to wait for certainty. */
    static final long PLAINLY_FAR_NS = 10 * FAR_NS;
    /** Least time between the first measurement, which finds a node that is not warm, and a change, and between changes. */
    static final long JUDGED_AFTER_NS = TimeUnit.SECONDS.toNanos(5);
    /** The same for a peer that is plainly far, and for each step to longer terms: the window that asks for them comes with the new stream. */
    static final long GROWN_AFTER_NS = TimeUnit.MILLISECONDS.toNanos(250);

    private final int longest;
    private int bytes;
    private boolean measured;
    private long judgedNs;

    /** @param longest of the configuration, in bytes. */
    TermLength(int longest) {
        this.longest = longest;
        this.bytes = first();
    }

    /** What a stream begins with. */
    private int first() {
        return Math.min(SHORT, longest);
    }

    int bytes() {
        return bytes;
    }

    /**
     * Looks at the path to the peer.
     *
     * @param roundTripNs the shortest of late; 0 while it is not known.
     * @param granted     the peer's window, in bytes.
     * @param nowNs       the time.
     * @return how long the terms are to be from now on; {@link #bytes()} where they are as they should be.
     */
    int wanted(long roundTripNs, int granted, long nowNs) {
        if (roundTripNs == 0) {
            return bytes;
        }
        if (!measured) {
            measured = true;
            judgedNs = nowNs;
        }
        int fitting = fitting(roundTripNs, granted);
        return nowNs - judgedNs < timeBefore(fitting, roundTripNs) ? bytes : fitting;
    }

    private int fitting(long roundTripNs, int granted) {
        if (roundTripNs < NEAR_NS) {
            return first();
        }
        if (roundTripNs < FAR_NS) {
            return bytes;
        }
        if (bytes < LONG) {
            return Math.min(LONG, longest);
        }
        return granted >= bytes / 2 ? Math.min(2 * bytes, longest) : bytes;
    }

    private static long timeBefore(int fitting, long roundTripNs) {
        return fitting > LONG || roundTripNs >= PLAINLY_FAR_NS ? GROWN_AFTER_NS : JUDGED_AFTER_NS;
    }

    /** The stream has terms of this length from now on. */
    void change(int length, long nowNs) {
        bytes = length;
        judgedNs = nowNs;
    }

    /** The stream begins anew, for want of memory for one with its terms. */
    void beginAnew(long nowNs) {
        change(first(), nowNs);
    }

    /** The stream keeps its terms for a while, for want of memory for others. */
    void keep(long nowNs) {
        judgedNs = nowNs + JUDGED_AFTER_NS;
    }
}
