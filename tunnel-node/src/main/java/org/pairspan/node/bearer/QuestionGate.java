package org.pairspan.node.bearer;

import java.util.concurrent.TimeUnit;
import org.agrona.collections.Long2LongHashMap;

/**
 * How often what nobody here knows is worth a question: an SPI, which is not authenticated, or a session of a peer that may make up any number of
 * them. Each known peer has a turn of its own, so that strangers can't use up what it needs to be understood again; all strangers share one.
 * Data thread.
 */
final class QuestionGate {
    /** Least time between two questions about strangers. */
    static final long STRANGERS_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(10);
    /** Least time between two questions about one known peer; there may be a thousand of them, whose numbers anybody can forge. */
    static final long PEER_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long STRANGERS = -1;
    private static final long NEVER = Long.MIN_VALUE;

    /** When the last question was asked, by the peer's number. */
    private final Long2LongHashMap askedNs = new Long2LongHashMap(NEVER);

    /** The member is a stranger from now on. */
    void forget(int number) {
        askedNs.remove(number);
    }

    /**
     * Whether to ask now; then it counts as asked.
     *
     * @param number of the member, as the SPI names it.
     * @param known  whether this node has, or had, an association with that member.
     * @param nowNs  the time.
     */
    boolean admits(int number, boolean known, long nowNs) {
        long turn = known ? number : STRANGERS;
        long last = askedNs.get(turn);
        if (last != NEVER && nowNs - last < (known ? PEER_INTERVAL_NS : STRANGERS_INTERVAL_NS)) {
            return false;
        }
        askedNs.put(turn, nowNs);
        return true;
    }
}
