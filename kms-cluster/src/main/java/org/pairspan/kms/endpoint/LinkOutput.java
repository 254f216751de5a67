package org.pairspan.kms.endpoint;

import java.util.Arrays;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.QueueOfferResult;
import org.pairspan.protocol.keyservice.FrameCodec;
import org.pairspan.protocol.keyservice.ServiceFrame;

/** The way to a member. Frames are encoded at once, so that a caller can wipe what it put into one. Used by one thread. */
final class LinkOutput {

    /** Frames that may wait for the member to read. */
    static final int CAPACITY = 256;

    private final BoundedSourceQueue<byte[]> queue;

    /** @param queue overwrites each frame when it is encrypted */
    LinkOutput(BoundedSourceQueue<byte[]> queue) {
        this.queue = queue;
    }

    /** False where the member does not read, or has gone; the connection is then broken off. */
    boolean send(ServiceFrame frame) {
        byte[] encoded = FrameCodec.encode(frame);
        boolean enqueued = queue.offer(encoded) == QueueOfferResult.enqueued();
        if (!enqueued) {
            // Nobody else overwrites what did not get into the queue; there may be a key in it.
            Arrays.fill(encoded, (byte) 0);
            abort("the member does not read its answers");
        }
        return enqueued;
    }

    /** Ends the connection after what waits was sent. */
    void close() {
        if (!queue.isCompleted()) {
            queue.complete();
        }
    }

    /** Ends the connection at once. */
    void abort(String why) {
        if (!queue.isCompleted()) {
            queue.fail(new LinkAbortedException(why));
        }
    }

    /** Why this side broke off a connection. */
    static final class LinkAbortedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        LinkAbortedException(String why) {
            super(why, null, false, false);
        }
    }
}
