package org.pairspan.node.bearer;

import org.agrona.DirectBuffer;

/**
 * How far the kernel took what Aeron's sender gave last. Aeron gives the same frames again when not all could be sent; a frame that left
 * already must not leave twice, because the receiver passes over a whole run of frames whose first it has.
 */
final class SendProgress {
    private int sessionId;
    private int termId;
    private int termOffset;
    private int bytes;

    /** How many bytes of the frames that begin here have left already. */
    int of(DirectBuffer frames, int offset) {
        boolean same = AeronFrame.sessionId(frames, offset) == sessionId && AeronFrame.termId(frames, offset) == termId
                && AeronFrame.termOffset(frames, offset) == termOffset;
        return same ? bytes : 0;
    }

    /** So many bytes of the frames that begin here have left, and no more. */
    void set(DirectBuffer frames, int offset, int left) {
        sessionId = AeronFrame.sessionId(frames, offset);
        termId = AeronFrame.termId(frames, offset);
        termOffset = AeronFrame.termOffset(frames, offset);
        bytes = left;
    }

    /** All have left. */
    void clear() {
        bytes = 0;
    }
}
