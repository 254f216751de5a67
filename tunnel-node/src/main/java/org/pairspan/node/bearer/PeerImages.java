package org.pairspan.node.bearer;

import org.agrona.collections.Int2IntCounterMap;

/**
 * The images that Aeron has of a peer's sessions, until their memory is given back. A session may have two: where the peer was silent for long,
 * its old one lingers while it has a new one. Data thread.
 */
final class PeerImages {
    private final Int2IntCounterMap bySession = new Int2IntCounterMap(0);
    private int size;

    /** A session has one more. */
    void add(int sessionId) {
        bySession.incrementAndGet(sessionId);
        size++;
    }

    /** The memory of one of a session's images is given back. */
    void remove(int sessionId) {
        bySession.decrementAndGet(sessionId);
        size--;
    }

    boolean contains(int sessionId) {
        return bySession.get(sessionId) > 0;
    }

    /** Of all sessions. */
    int size() {
        return size;
    }
}
