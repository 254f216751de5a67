package org.pairspan.node.bearer;

/**
 * How long the term buffers of a peer's sessions are, as its setup frames said: what lies outside a term never reaches Aeron. Bounded; a
 * peer that keeps beginning new sessions displaces its own oldest, but none that is still received.
 */
final class SessionTerms {
    /** What {@link #termLength} answers where no setup frame of the session came. */
    static final int UNKNOWN = 0;

    private static final int SESSIONS = Bearer.SESSIONS_OF_A_PEER;

    private final int[] sessions = new int[SESSIONS];
    private final int[] termLengths = new int[SESSIONS];
    private final PeerImages images;
    private int newest;

    /** @param images of the sessions that are received now: fewer than there is room for when another one comes. */
    SessionTerms(PeerImages images) {
        this.images = images;
    }

    /**
     * A well-formed setup frame has come.
     *
     * @return whether it agrees with those of the same session before it.
     */
    boolean accept(int sessionId, int termLength) {
        int known = termLength(sessionId);
        if (known != UNKNOWN) {
            return known == termLength;
        }
        newest = nextPlace();
        sessions[newest] = sessionId;
        termLengths[newest] = termLength;
        return true;
    }

    private int nextPlace() {
        int place = (newest + 1) % SESSIONS;
        while (place != newest && termLengths[place] != UNKNOWN && images.contains(sessions[place])) {
            place = (place + 1) % SESSIONS;
        }
        return place;
    }

    /** The length of a session's term buffers in bytes, or {@link #UNKNOWN}. */
    int termLength(int sessionId) {
        if (sessions[newest] == sessionId) {
            return termLengths[newest];
        }
        for (int i = 0; i < SESSIONS; i++) {
            if (sessions[i] == sessionId && termLengths[i] != UNKNOWN) {
                return termLengths[i];
            }
        }
        return UNKNOWN;
    }
}
