package org.pairspan.kms.endpoint;

import java.util.function.Consumer;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.KillSwitch;
import org.apache.pekko.stream.QueueOfferResult;
import org.pairspan.protocol.keyservice.FrameCodec;
import org.pairspan.protocol.keyservice.ServiceFrame;

/** The way to a member. Frames are encoded at once, so that a caller can wipe what it put into one. Used by one thread. */
final class LinkOutput {

    /** Frames that may wait for the member to read. */
    static final int CAPACITY = 256;

    private final BoundedSourceQueue<byte[]> queue;
    private final KillSwitch connection;
    private final UnsentSecrets unsent;
    private final Consumer<Runnable> later;

    /**
     * @param queue      overwrites each frame when it is encrypted
     * @param connection breaks it off, whatever is in the queue
     * @param unsent     overwrites the frames that the queue does not get rid of
     * @param later      does something when a peer has had the time to take what was said to it last
     */
    LinkOutput(BoundedSourceQueue<byte[]> queue, KillSwitch connection, UnsentSecrets unsent, Consumer<Runnable> later) {
        this.queue = queue;
        this.connection = connection;
        this.unsent = unsent;
        this.later = later;
    }

    /** False where the member does not read, or has gone; the connection is then broken off. */
    boolean send(ServiceFrame frame) {
        byte[] encoded = FrameCodec.encode(frame);
        unsent.add(encoded);
        boolean enqueued = queue.offer(encoded) == QueueOfferResult.enqueued();
        if (!enqueued) {
            unsent.refused(encoded);
            abort("the member does not read its answers");
        }
        return enqueued;
    }

    /** Ends the connection after what waits was sent, or a while later where the member does not read. */
    void close() {
        if (!queue.isCompleted()) {
            queue.complete();
            if (unsent.any()) {
                later.accept(() -> abort("the member does not read its last answers"));
            }
        }
    }

    /** Ends the connection at once, also after {@link #close}. Any thread. */
    void abort(String why) {
        connection.abort(new LinkAbortedException(why));
    }

    /** Why this side broke off a connection. */
    static final class LinkAbortedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        LinkAbortedException(String why) {
            super(why, null, false, false);
        }
    }
}
