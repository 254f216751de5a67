package org.pairspan.kms.endpoint;

import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;

/**
 * The frames of one connection that wait for their turn. There may be keys in them: what waits when the connection ends, in whatever way,
 * is overwritten. Any thread.
 */
final class UnsentFrames {

    private final Queue<byte[]> waiting = new ConcurrentLinkedQueue<>();
    private volatile boolean ended;

    /** Before a frame is offered to the connection. */
    void add(byte[] frame) {
        waiting.add(frame);
        if (ended) {
            wipe();
        }
    }

    /** The connection has not taken a frame. */
    void refused(byte[] frame) {
        waiting.remove(frame);
        Arrays.fill(frame, (byte) 0);
    }

    /** Whether any waits. */
    boolean any() {
        return !waiting.isEmpty();
    }

    /** Passes frames on to whoever encrypts and overwrites them, and notices when no more do. */
    Flow<byte[], byte[], NotUsed> watch() {
        return Flow.of(byte[].class).map(frame -> {
            waiting.remove(frame);
            return frame;
        }).watchTermination((left, end) -> {
            end.whenComplete((done, failure) -> {
                ended = true;
                wipe();
            });
            return left;
        });
    }

    private void wipe() {
        for (byte[] frame = waiting.poll(); frame != null; frame = waiting.poll()) {
            Arrays.fill(frame, (byte) 0);
        }
    }
}
