package org.pairspan.protocol.crypto;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Authenticated encryption under one key: the port behind which the suites live.
 *
 * <p>The key is set once, at construction. One instance serves one direction of one security association and belongs to one
 * thread. The caller never gives one nonce twice to {@link #seal}; an implementation may refuse it. Ranges are checked by the
 * buffers; a range outside its buffer is a programming error and throws {@link IndexOutOfBoundsException}.
 */
public interface AeadCipher {
    /** Length of every nonce, in bytes. */
    int NONCE_LENGTH = 12;
    /** Length of every tag, in bytes. */
    int TAG_LENGTH = 16;

    /**
     * Encrypts {@code length} bytes and writes ciphertext and tag, {@code length + 16} bytes, at {@code out[outOffset]}.
     * The two ranges must not overlap.
     *
     * @param nonce 12 bytes, used once.
     * @param associatedData authenticated, not encrypted; all of the array.
     */
    void seal(byte[] nonce, byte[] associatedData, DirectBuffer in, int inOffset, int length,
              MutableDirectBuffer out, int outOffset);

    /**
     * Checks and decrypts {@code length} bytes, ciphertext and tag, and writes {@code length - 16} bytes at
     * {@code out[outOffset]}. The two ranges must not overlap.
     *
     * @return false when the tag does not fit or {@code length} is below 16; what {@code out} then holds has no meaning.
     */
    boolean open(byte[] nonce, byte[] associatedData, DirectBuffer in, int inOffset, int length,
                 MutableDirectBuffer out, int outOffset);

    /**
     * A buffer of the kind of memory in which this cipher takes plaintext without copying it first. {@link #seal} reads it best,
     * {@link #open} writes it best; every other buffer works too.
     */
    MutableDirectBuffer plaintextBuffer(int capacity);

    /**
     * Wipes the key and all plaintext this instance holds. After it the instance is of no use. Key schedules inside the
     * libraries below are dropped and left to the garbage collector where the library cannot wipe them.
     */
    void destroy();
}
