package org.pairspan.protocol.crypto;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Function;
import org.agrona.concurrent.UnsafeBuffer;

/** The authenticated ciphers that libgcrypt offers to the suites; numbers of {@code gcrypt.h}. */
enum NativeAlgorithm {
    AES_256_GCM(9, 9),
    CHACHA20_POLY1305(316, 10),
    SM4_GCM(318, 9);

    private static final int TRIAL_LENGTH = 1000;

    final int cipher;
    final int mode;
    private Boolean usable;

    NativeAlgorithm(int cipher, int mode) {
        this.cipher = cipher;
        this.mode = mode;
    }

    /**
     * Whether this system's library has the cipher, and it encrypts as the Java implementation does. Tried once in a process.
     *
     * @param java      the implementation to hold it against.
     * @param keyLength in bytes.
     */
    synchronized boolean isUsable(Function<byte[], AeadCipher> java, int keyLength) {
        if (usable == null) {
            usable = Libgcrypt.has(this) && agrees(java, keyLength);
        }
        return usable;
    }

    private boolean agrees(Function<byte[], AeadCipher> java, int keyLength) {
        byte[] key = pattern(keyLength, 1);
        AeadCipher ours = new NativeAead(this, key);
        AeadCipher theirs = java.apply(key);
        try {
            return Arrays.equals(sealed(ours), sealed(theirs));
        } finally {
            ours.destroy();
            theirs.destroy();
        }
    }

    private static byte[] sealed(AeadCipher cipher) {
        UnsafeBuffer out = new UnsafeBuffer(ByteBuffer.allocateDirect(TRIAL_LENGTH + AeadCipher.TAG_LENGTH));
        cipher.seal(pattern(AeadCipher.NONCE_LENGTH, 2), pattern(13, 3), new UnsafeBuffer(pattern(TRIAL_LENGTH, 5)), 0,
            TRIAL_LENGTH, out, 0);
        byte[] bytes = new byte[out.capacity()];
        out.getBytes(0, bytes);
        return bytes;
    }

    private static byte[] pattern(int length, int step) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * step);
        }
        return bytes;
    }
}
