package org.pairspan.protocol.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pairspan.protocol.crypto.VectorFile.Vector;

/** Published vectors through the port, over heap and over direct memory. */
class AeadVectorsTest {
    private static final int KEY = 0;
    private static final int IV = 1;
    private static final int AAD = 2;
    private static final int MESSAGE = 3;
    private static final int CIPHERTEXT = 4;
    private static final int TAG = 5;

    static List<Vector> aesGcm() {
        return VectorFile.read("aes-gcm.vectors");
    }

    static List<Vector> sm4Gcm() {
        return VectorFile.read("sm4-gcm.vectors");
    }

    @ParameterizedTest
    @MethodSource
    void aesGcm(Vector vector) {
        // The suite is AES-256 alone; the shorter keys hold the Java implementation against more vectors.
        if (vector.field(KEY).length == Suite.AES_256_GCM.keyLength()) {
            check(vector, Suite.AES_256_GCM::newCipher);
        }
        check(vector, JcaAead::aesGcm);
    }

    @ParameterizedTest
    @MethodSource
    void sm4Gcm(Vector vector) {
        check(vector, Suite.SM4_GCM::newCipher);
        // The suite takes the native implementation where there is one; the other must give the same.
        check(vector, BouncyCastleSm4Gcm::new);
    }

    /** RFC 8439 section 2.8.2. */
    @Test
    void chaCha20Poly1305() {
        byte[] message = ("Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
            + "sunscreen would be it.").getBytes(StandardCharsets.US_ASCII);
        HexFormat hex = HexFormat.of();
        check(new Vector(1, true, List.of(
            hex.parseHex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"),
            hex.parseHex("070000004041424344454647"), hex.parseHex("50515253c0c1c2c3c4c5c6c7"), message,
            hex.parseHex("d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b"
                + "1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
                + "3ff4def08e4b7a9de576d26586cec64b6116"),
            hex.parseHex("1ae10b594f09e26a7e902ecbd0600691"))), Suite.CHACHA20_POLY1305::newCipher);
    }

    @Test
    void everyPublishedVectorThatFitsIsThere() {
        assertEquals(197, aesGcm().size());
        assertEquals(65, sm4Gcm().size());
    }

    private static void check(Vector vector, Function<byte[], AeadCipher> cipher) {
        check(vector, cipher, Memory.HEAP);
        check(vector, cipher, Memory.DIRECT);
    }

    private static void check(Vector vector, Function<byte[], AeadCipher> cipher, Memory kind) {
        byte[] message = vector.field(MESSAGE);
        byte[] sealed = concatenate(vector.field(CIPHERTEXT), vector.field(TAG));
        UnsafeBuffer in = kind.allocate(3 + sealed.length);
        in.putBytes(3, sealed);
        UnsafeBuffer out = kind.allocate(5 + sealed.length);
        boolean opened = cipher.apply(vector.field(KEY))
            .open(vector.field(IV), vector.field(AAD), in, 3, sealed.length, out, 5);
        if (!vector.valid()) {
            assertFalse(opened, vector::toString);
            return;
        }
        assertTrue(opened, vector::toString);
        assertArrayEquals(message, bytes(out, 5, message.length), vector::toString);

        in.putBytes(3, message);
        cipher.apply(vector.field(KEY)).seal(vector.field(IV), vector.field(AAD), in, 3, message.length, out, 5);
        assertArrayEquals(sealed, bytes(out, 5, sealed.length), vector::toString);
    }

    private static byte[] bytes(UnsafeBuffer buffer, int offset, int length) {
        byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return bytes;
    }

    private static byte[] concatenate(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
    }

    private enum Memory {
        HEAP {
            @Override
            UnsafeBuffer allocate(int length) {
                return new UnsafeBuffer(new byte[length + 7], 7, length);
            }
        },
        DIRECT {
            @Override
            UnsafeBuffer allocate(int length) {
                return new UnsafeBuffer(ByteBuffer.allocateDirect(length));
            }
        };

        abstract UnsafeBuffer allocate(int length);
    }
}
