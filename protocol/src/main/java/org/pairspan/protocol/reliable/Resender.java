package org.pairspan.protocol.reliable;

import org.agrona.DirectBuffer;

/** Where a sender puts a piece again. */
@FunctionalInterface
public interface Resender {
    /**
     * Sends a piece once more.
     *
     * @param header  its transport header.
     * @param piece   holding its payload; free again when the call returns.
     * @param offset  where the payload begins.
     * @param length  of the payload in bytes.
     * @return false when nothing more can be sent now; the piece is then offered again later.
     */
    boolean resend(long header, DirectBuffer piece, int offset, int length);
}
