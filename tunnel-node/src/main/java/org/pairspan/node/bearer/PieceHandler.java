package org.pairspan.node.bearer;

import org.agrona.DirectBuffer;

/** Takes the pieces of a peer's stream. Data thread. */
@FunctionalInterface
public interface PieceHandler {
    /**
     * One piece.
     *
     * @param segmentHeader as {@link org.pairspan.protocol.transport.SegmentHeader} has it, not checked.
     * @param buffer        holding the piece; its memory stays until the next {@link Bearer#doWork()}, the object only for this call.
     * @param offset        where the piece begins.
     * @param length        its length in bytes, 0 or more.
     */
    void onPiece(long segmentHeader, DirectBuffer buffer, int offset, int length);
}
