package org.pairspan.protocol.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
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
    @EnumSource(Suite.class)
    void aForgedPacketDoesNotSpoilTheGenuineOneOfTheSameNonce(Suite suite) {
        cipher(suite).seal(nonce, ASSOCIATED_DATA, plain, 0, 100, sealed, 0);
        AeadCipher receiver = cipher(suite);
        sealed.putByte(3, (byte) (sealed.getByte(3) ^ 1));
        assertFalse(receiver.open(nonce, ASSOCIATED_DATA, sealed, 0, 116, opened, 0));
        sealed.putByte(3, (byte) (sealed.getByte(3) ^ 1));
        assertTrue(receiver.open(nonce, ASSOCIATED_DATA, sealed, 0, 116, opened, 0));
        assertEquals(plain, opened);
    }

    @ParameterizedTest
    @EnumSource(Suite.class)
    void anythingShorterThanATagIsRefused(Suite suite) {
        for (int length = 0; length < AeadCipher.TAG_LENGTH; length++) {
            assertFalse(cipher(suite).open(nonce, ASSOCIATED_DATA, sealed, 0, length, opened, 0));
        }
    }

    @ParameterizedTest
    @EnumSource(Suite.class)
    void anInputOutsideItsBufferIsAnError(Suite suite) {
        AeadCipher cipher = cipher(suite);
        assertThrows(IndexOutOfBoundsException.class,
            () -> cipher.seal(nonce, ASSOCIATED_DATA, plain, 1, 100, sealed, 0));
        assertThrows(IndexOutOfBoundsException.class,
            () -> cipher.seal(nonce, ASSOCIATED_DATA, plain, 0, 100, sealed, 1));
        assertThrows(IndexOutOfBoundsException.class,
            () -> cipher.open(nonce, ASSOCIATED_DATA, sealed, 1, 116, opened, 0));
    }

    @ParameterizedTest
    @EnumSource(Suite.class)
    void aDestroyedCipherNoLongerKnowsItsKey(Suite suite) {
        AeadCipher cipher = cipher(suite);
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
    @EnumSource(Suite.class)
    void aSuiteRefusesAKeyOfAnotherLength(Suite suite) {
        assertThrows(IllegalArgumentException.class, () -> suite.newCipher(new byte[suite.keyLength() - 1]));
        assertThrows(IllegalArgumentException.class, () -> suite.newCipher(new byte[suite.keyLength() + 1]));
    }

    private static AeadCipher cipher(Suite suite) {
        byte[] key = new byte[suite.keyLength()];
        key[0] = 42;
        return suite.newCipher(key);
    }
}
