package org.pairspan.node.bearer;

import org.agrona.MutableDirectBuffer;

/** The streams shared with one peer: ours takes pieces, each of which goes in one datagram, and the peer's brings its. Data thread. */
public interface PieceStream {
    /** What {@link #claim} answers when there is room. */
    int CLAIMED = 1;
    /** What {@link #claim} answers when there is no room now. */
    int CONGESTED = 0;
    /** What {@link #claim} answers when there is no stream to the peer. */
    int NOT_CONNECTED = -1;

    /** Largest piece, in bytes, that fits one datagram on the peer's path now. */
    int pieceCapacity();

    /**
     * Claims room for one piece in the stream to the peer; what is claimed must be filled and {@link #commit committed} at once.
     *
     * @param length of the piece in bytes, 1 to {@link #pieceCapacity()}.
     * @return {@link #CLAIMED}; {@link #CONGESTED}, when there is no room now; or {@link #NOT_CONNECTED}, when nobody receives the
     *         stream, it is still being made, or it had to be renewed.
     */
    int claim(int length);

    /** Where the claimed piece's bytes go, from {@link #claimedOffset()}: memory of the stream itself, outside the heap. */
    MutableDirectBuffer claimed();

    /** Where the claimed piece begins in {@link #claimed()}. */
    int claimedOffset();

    /**
     * Lets the claimed piece go.
     *
     * @param segmentHeader as {@link org.pairspan.protocol.transport.SegmentHeader} has it.
     */
    void commit(long segmentHeader);

    /**
     * Takes pieces from the peer's stream, in its order.
     *
     * @param handler    called for each piece; the memory it is given stays until the next {@link Bearer#doWork()}.
     * @param pieceLimit most pieces taken.
     * @return how many were taken.
     */
    int poll(PieceHandler handler, int pieceLimit);

    /**
     * Ends both streams and gives back all that the bearer keeps for the peer. What is in them is dropped and counted. Not in a turn of
     * the bearer; nothing else may be called after it.
     */
    void close();
}
