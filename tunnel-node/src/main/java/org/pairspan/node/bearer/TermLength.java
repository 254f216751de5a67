package org.pairspan.node.bearer;

import java.util.concurrent.TimeUnit;

/**
 * How long the terms of our stream to a peer are. Every byte of them is written, read and cleared in turn, so three short ones, which stay
 * in the processor's cache, save a tenth of the work; but no more than half a term can be in flight. So a stream has short terms, which are
 * enough for a peer nearby, and gets those of the configuration once the peer has proved to be far. Each change is a new stream, so
 * distances between near and far change nothing.
 *
 * <table>
 * <caption>States</caption>
 * <tr><td><em>short</em></td><td>the round trip is not known, or not known to be long</td></tr>
 * <tr><td><em>long</em></td><td>the shortest round trip of five seconds or more was long</td></tr>
 * </table>
 */
final class TermLength {
    /** Half of it in flight is 2 Gbit/s at {@link #FAR_NS}. */
    static final int SHORT = 512 * 1024;
    static final long FAR_NS = TimeUnit.MILLISECONDS.toNanos(1);
    static final long NEAR_NS = FAR_NS / 2;
    /** Least time between the first measurement, which finds a node that is not warm, and a change, and between changes. */
    static final long JUDGED_AFTER_NS = TimeUnit.SECONDS.toNanos(5);

    private final int longest;
    private int bytes;
    private boolean measured;
    private long unchangedSinceNs;

    /** @param longest of the configuration, in bytes. */
    TermLength(int longest) {
        this.longest = longest;
        this.bytes = Math.min(SHORT, longest);
    }

    int bytes() {
        return bytes;
    }

    /**
     * Looks at the round trip to the peer.
     *
     * @param roundTripNs the shortest of late; 0 while it is not known.
     * @param nowNs       the time.
     * @return whether the terms are to be of another length from now on.
     */
    boolean follow(long roundTripNs, long nowNs) {
        if (roundTripNs == 0) {
            return false;
        }
        if (!measured) {
            measured = true;
            unchangedSinceNs = nowNs;
        }
        int wanted = wanted(roundTripNs);
        if (wanted == bytes || nowNs - unchangedSinceNs < JUDGED_AFTER_NS) {
            return false;
        }
        bytes = wanted;
        unchangedSinceNs = nowNs;
        return true;
    }

    private int wanted(long roundTripNs) {
        if (roundTripNs >= FAR_NS) {
            return longest;
        }
        return roundTripNs < NEAR_NS ? Math.min(SHORT, longest) : bytes;
    }
}
