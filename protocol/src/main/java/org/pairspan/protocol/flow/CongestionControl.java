package org.pairspan.protocol.flow;

/** How many pieces may be on the way to one peer at a time. Times are of one clock, nanoseconds. One thread. */
public interface CongestionControl {
    /** Pieces that may be on the way, neither acknowledged nor given up; at least 1. */
    int window();

    /** Whether the window still doubles each round trip, as no limit of the path is known yet. */
    boolean isSlowStart();

    /**
     * Takes a measurement of the round-trip time of a piece.
     *
     * @param rttNs of this piece, above 0.
     * @param nowNs the time now.
     */
    void onRoundTrip(long rttNs, long nowNs);

    /**
     * Pieces arrived.
     *
     * @param pieces       acknowledged now for the first time.
     * @param newestSentNs when the last of them was sent.
     * @param limited      whether the window, not a lack of payload, held the sender.
     * @param nowNs        the time now.
     */
    void onAcknowledged(int pieces, long newestSentNs, boolean limited, long nowNs);

    /**
     * Pieces are taken for lost.
     *
     * @param pieces       how many.
     * @param newestSentNs when the last of them was sent.
     * @param nowNs        the time now.
     */
    void onLost(int pieces, long newestSentNs, long nowNs);

    /** Nothing got through for several timeouts (RFC 9002 section 7.6). */
    void onPersistentCongestion(long nowNs);
}
