package org.pairspan.protocol.spa;

import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/** SipHash-2-4 (Aumasson and Bernstein, 2012) over a message that the caller has cut into words. Allocates nothing per message. */
final class SipHash {
    static final int KEY_LENGTH = 16;

    private static final int COMPRESSION_ROUNDS = 2;
    private static final int FINALIZATION_ROUNDS = 4;
    private static final int LENGTH_SHIFT = 56;

    private long k0;
    private long k1;

    /** @param key 16 bytes; not kept. */
    SipHash(byte[] key) {
        if (key.length != KEY_LENGTH) {
            throw new IllegalArgumentException("SipHash takes a key of " + KEY_LENGTH + " bytes, not " + key.length);
        }
        UnsafeBuffer words = new UnsafeBuffer(key);
        k0 = words.getLong(0, ByteOrder.LITTLE_ENDIAN);
        k1 = words.getLong(Long.BYTES, ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * The hash of a message.
     *
     * @param words  the message in little-endian words, the last one filled up with at least one zero byte.
     * @param length of the message in bytes; the words are {@code length / 8 + 1}.
     */
    long hash(long[] words, int length) {
        long v0 = k0 ^ 0x736f_6d65_7073_6575L;
        long v1 = k1 ^ 0x646f_7261_6e64_6f6dL;
        long v2 = k0 ^ 0x6c79_6765_6e65_7261L;
        long v3 = k1 ^ 0x7465_6462_7974_6573L;
        int last = length / Long.BYTES;
        for (int i = 0; i <= last + 1; i++) {
            boolean end = i > last;
            long word = end ? 0 : i < last ? words[i] : words[i] | (long) length << LENGTH_SHIFT;
            v3 ^= word;
            if (end) {
                v2 ^= 0xFF;
            }
            for (int round = end ? FINALIZATION_ROUNDS : COMPRESSION_ROUNDS; round > 0; round--) {
                v0 += v1;
                v2 += v3;
                v1 = Long.rotateLeft(v1, 13) ^ v0;
                v3 = Long.rotateLeft(v3, 16) ^ v2;
                v0 = Long.rotateLeft(v0, 32) + v3;
                v2 += v1;
                v1 = Long.rotateLeft(v1, 17) ^ v2;
                v3 = Long.rotateLeft(v3, 21) ^ v0;
                v2 = Long.rotateLeft(v2, 32);
            }
            v0 ^= word;
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

    /** Puts another key in the place of this one. */
    void destroy() {
        k0 = 0;
        k1 = 0;
    }
}
