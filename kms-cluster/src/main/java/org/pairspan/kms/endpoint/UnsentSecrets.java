package org.pairspan.kms.endpoint;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;

/**
 * What one connection is to send and may have keys in it, from its making to its encryption: frames, or answers. What waits when the
 * connection ends, in whatever way, is overwritten, and so is what comes later. Any thread.
 */
public final class UnsentSecrets {

    /** Told apart by identity, as arrays are. */
    private final Set<byte[]> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean ended;

    /** Before a secret is offered to the connection; it is not copied. */
    public void add(byte[] secret) {
        waiting.add(secret);
        if (ended) {
            wipe();
        }
    }

    /**
     * It goes to whoever encrypts it.
     *
     * @return whether it waited: who encrypts it shall overwrite it then
     */
    public boolean take(byte[] secret) {
        return waiting.remove(secret);
    }

    /** The connection has not taken a secret. */
    void refused(byte[] secret) {
        waiting.remove(secret);
        Arrays.fill(secret, (byte) 0);
    }

    /** Whether any waits. */
    boolean any() {
        return !waiting.isEmpty();
    }

    /** The connection is over: nothing is encrypted any more. */
    public void end() {
        ended = true;
        wipe();
    }

    /** Passes secrets on to whoever encrypts and overwrites them, and notices when no more do. */
    Flow<byte[], byte[], NotUsed> watch() {
        return Flow.of(byte[].class).map(secret -> {
            take(secret);
            return secret;
        }).watchTermination((left, over) -> {
            over.whenComplete((done, failure) -> end());
            return left;
        });
    }

    private void wipe() {
        for (byte[] secret : waiting) {
            // What is taken meanwhile belongs to whoever took it.
            if (waiting.remove(secret)) {
                Arrays.fill(secret, (byte) 0);
            }
        }
    }
}
