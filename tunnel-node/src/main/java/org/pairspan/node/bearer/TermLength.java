package org.pairspan.node.bearer;

import java.util.concurrent.TimeUnit;

/**
 * How long the terms of our stream to a peer are. Every byte of them is written, read and cleared in turn, so three short ones, which stay
 * in the processor's cache, save a tenth of the work; but no more than half a term can be in flight. So a stream begins with short terms,
 * which are enough for a peer nearby, and gets those of the configuration once the peer has proved to be far. It keeps them: each change
 * is a new stream.
 *
 * <table>
 * <caption>States</caption>
 * <tr><td><em>short</em></td><td>the round trip is not known, or known for less than three seconds, or short</td></tr>
 * <tr><td><em>long</em></td><td>the shortest round trip of three seconds or more was long</td></tr>
 * </table>
 */
final class TermLength {
    /** Half of it in flight is 4 Gbit/s at {@link #FAR_NS}. */
    static final int SHORT = 512 * 1024;
    static final long FAR_NS = TimeUnit.MICROSECONDS.toNanos(500);
    /** The first measurements find a node that is not warm. */
    static final long JUDGED_AFTER_NS = TimeUnit.SECONDS.toNanos(3);

    private final int longest;
    private int bytes;
    private boolean measured;
    private long measuredSinceNs;

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
     * @return whether the terms are to be longer from now on.
     */
    boolean lengthen(long roundTripNs, long nowNs) {
        if (bytes == longest || roundTripNs == 0) {
            return false;
        }
        if (!measured) {
            measured = true;
            measuredSinceNs = nowNs;
        }
        if (roundTripNs < FAR_NS || nowNs - measuredSinceNs < JUDGED_AFTER_NS) {
            return false;
        }
        bytes = longest;
        return true;
    }
}
