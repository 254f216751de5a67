package org.pairspan.protocol.session;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.pairspan.protocol.association.TrafficKeys;
import org.pairspan.protocol.crypto.AeadCipher;

/**
 * Nonce and associated data of a packet: salt and initialisation vector (RFC 4106 section 4), and SPI with the 64-bit sequence
 * number (section 5). The two arrays are used again for each packet.
 */
final class EspNonce {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    final byte[] nonce = new byte[AeadCipher.NONCE_LENGTH];
    final byte[] associatedData = new byte[Integer.BYTES + Long.BYTES];

    EspNonce(int spi, byte[] salt) {
        System.arraycopy(salt, 0, nonce, 0, TrafficKeys.SALT_LENGTH);
        INT.set(associatedData, 0, spi);
    }

    void set(long sequence) {
        LONG.set(nonce, TrafficKeys.SALT_LENGTH, sequence);
        LONG.set(associatedData, Integer.BYTES, sequence);
    }

    void destroy() {
        Arrays.fill(nonce, (byte) 0);
    }
}
