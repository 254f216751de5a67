package org.pairspan.protocol.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.function.Function;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AeadCipherTest {
    private static final byte[] ASSOCIATED_DATA = {1, 2, 3};

    private final byte[] nonce = new byte[AeadCipher.NONCE_LENGTH];
    private final UnsafeBuffer plain = new UnsafeBuffer(ByteBuffer.allocateDirect(100));
    private final UnsafeBuffer sealed = new UnsafeBuffer(ByteBuffer.allocateDirect(116));
    private final UnsafeBuffer opened = new UnsafeBuffer(ByteBuffer.allocateDirect(100));

    @ParameterizedTest
    @EnumSource
    void aForgedPacketDoesNotSpoilTheGenuineOneOfTheSameNonce(Implementation implementation) {
        implementation.cipher().seal(nonce, ASSOCIATED_DATA, plain, 0, 100, sealed, 0);
        AeadCipher receiver = implementation.cipher();
        sealed.putByte(3, (byte) (sealed.getByte(3) ^ 1));
        assertFalse(receiver.open(nonce, ASSOCIATED_DATA, sealed, 0, 116, opened, 0));
        sealed.putByte(3, (byte) (sealed.getByte(3) ^ 1));
        assertTrue(receiver.open(nonce, ASSOCIATED_DATA, sealed, 0, 116, opened, 0));
        assertEquals(plain, opened);
    }

    @ParameterizedTest
    @EnumSource
    void anythingShorterThanATagIsRefused(Implementation implementation) {
        for (int length = 0; length < AeadCipher.TAG_LENGTH; length++) {
            assertFalse(implementation.cipher().open(nonce, ASSOCIATED_DATA, sealed, 0, length, opened, 0));
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInputOutsideItsBufferIsAnError(Implementation implementation) {
        AeadCipher cipher = implementation.cipher();
        assertThrows(IndexOutOfBoundsException.class,
            () -> cipher.seal(nonce, ASSOCIATED_DATA, plain, 1, 100, sealed, 0));
        assertThrows(IndexOutOfBoundsException.class,
            () -> cipher.seal(nonce, ASSOCIATED_DATA, plain, 0, 100, sealed, 1));
        assertThrows(IndexOutOfBoundsException.class,
            () -> cipher.open(nonce, ASSOCIATED_DATA, sealed, 1, 116, opened, 0));
    }

    @ParameterizedTest
    @EnumSource
    void aDestroyedCipherNoLongerKnowsItsKey(Implementation implementation) {
        AeadCipher cipher = implementation.cipher();
        cipher.seal(nonce, ASSOCIATED_DATA, plain, 0, 100, sealed, 0);
        cipher.destroy();
        boolean knows;
        try {
            knows = cipher.open(nonce, ASSOCIATED_DATA, sealed, 0, 116, opened, 0);
        } catch (IllegalStateException e) {
            knows = false;
        }
        assertFalse(knows);
    }

    @ParameterizedTest
    @EnumSource
    void aSuiteRefusesAKeyOfAnotherLength(Suite suite) {
        assertThrows(IllegalArgumentException.class, () -> suite.newCipher(new byte[suite.keyLength() - 1]));
        assertThrows(IllegalArgumentException.class, () -> suite.newCipher(new byte[suite.keyLength() + 1]));
    }

    private enum Implementation {
        AES_GCM(key -> Suite.AES_256_GCM.newCipher(key), 32),
        CHACHA20_POLY1305(key -> Suite.CHACHA20_POLY1305.newCipher(key), 32),
        SM4_GCM(key -> Suite.SM4_GCM.newCipher(key), 16),
        JAVA_AES_GCM(JcaAead::aesGcm, 32),
        JAVA_CHACHA20_POLY1305(JcaAead::chaCha20Poly1305, 32),
        BOUNCY_CASTLE_SM4_GCM(BouncyCastleSm4Gcm::new, 16);

        private final Function<byte[], AeadCipher> newCipher;
        private final int keyLength;

        Implementation(Function<byte[], AeadCipher> newCipher, int keyLength) {
            this.newCipher = newCipher;
            this.keyLength = keyLength;
        }

        AeadCipher cipher() {
            byte[] key = new byte[keyLength];
            key[0] = 42;
            return newCipher.apply(key);
        }
    }
}
