package org.pairspan.protocol.reliable;

import org.agrona.DirectBuffer;

/** Where a receiver puts pieces, in order and each once. */
@FunctionalInterface
public interface Delivery {
    /**
     * Takes the next piece. A message that began and whose last piece never comes is one that its sender lost with its memory: the next
     * piece that is the first of a message then ends it.
     *
     * @param header  its transport header.
     * @param piece   holding its payload; free again when the call returns.
     * @param offset  where the payload begins.
     * @param length  of the payload in bytes.
     */
    void deliver(long header, DirectBuffer piece, int offset, int length);

    /**
     * Whether another piece can be taken now. While not, pieces are held, and when all room is taken the sender stops (flow control
     * towards the receiver, PS-10).
     */
    default boolean isReady() {
        return true;
    }
}
