package org.pairspan.protocol.handshake;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.tls.crypto.TlsNonceGenerator;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/** The library's cryptography with random numbers that are the same in each run, and known: for tests that look into a handshake. */
final class FixedCrypto extends BcTlsCrypto {
    private final Numbers numbers;

    FixedCrypto(int seed) {
        this(new Numbers(seed));
    }

    private FixedCrypto(Numbers numbers) {
        super(numbers);
        this.numbers = numbers;
    }

    /** What was drawn, in order. */
    List<byte[]> drawn() {
        return numbers.drawn;
    }

    @Override
    public TlsNonceGenerator createNonceGenerator(byte[] additionalSeedMaterial) {
        return size -> {
            byte[] nonce = new byte[size];
            numbers.nextBytes(nonce);
            return nonce;
        };
    }

    private static final class Numbers extends SecureRandom {
        private static final long serialVersionUID = 1;
        private final transient List<byte[]> drawn = new ArrayList<>();
        private final int seed;
        private int count;

        Numbers(int seed) {
            this.seed = seed;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            try {
                for (int at = 0; at < bytes.length; at += 32) {
                    byte[] block = MessageDigest.getInstance("SHA-256").digest(
                        ByteBuffer.allocate(8).putInt(seed).putInt(count++).array());
                    System.arraycopy(block, 0, bytes, at, Math.min(32, bytes.length - at));
                }
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError(e);
            }
            drawn.add(bytes.clone());
        }
    }
}
