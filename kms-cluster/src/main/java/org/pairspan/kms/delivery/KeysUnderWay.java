package org.pairspan.kms.delivery;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.util.ByteString;

/**
 * Answers with keys in them on one connection, from their making to their encryption. What is under way when the connection ends is
 * overwritten. Any thread.
 */
final class KeysUnderWay {

    /** Each array is one answer; arrays are told apart by identity. */
    private final Set<byte[]> answers = ConcurrentHashMap.newKeySet();
    private volatile boolean ended;

    /** The answer as an element of a stream, not copied; it must come whole to {@link #encryptable}. */
    ByteString add(byte[] answer) {
        answers.add(answer);
        if (ended) {
            wipe();
        }
        return ByteString.fromArrayUnsafe(answer);
    }

    /** What whoever encrypts an element may overwrite afterwards: an answer itself, of anything else a copy. */
    byte[] encryptable(ByteString element) {
        byte[] bytes = element.toArrayUnsafe();
        return answers.remove(bytes) ? bytes : element.toArray();
    }

    /** The connection is over: nothing is encrypted any more. */
    void end() {
        ended = true;
        wipe();
    }

    private void wipe() {
        answers.removeIf(answer -> {
            Arrays.fill(answer, (byte) 0);
            return true;
        });
    }
}
