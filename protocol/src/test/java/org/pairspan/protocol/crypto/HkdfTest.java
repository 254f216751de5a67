package org.pairspan.protocol.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pairspan.protocol.crypto.VectorFile.Vector;

class HkdfTest {
    private static final HexFormat HEX = HexFormat.of();

    static List<Vector> hmacSm3() {
        return VectorFile.read("hmac-sm3.vectors");
    }

    @ParameterizedTest
    @MethodSource
    void hmacSm3(Vector vector) {
        byte[] tag = vector.field(2);
        byte[] computed = Arrays.copyOf(HashAlgorithm.SM3.hmac(vector.field(0), vector.field(1)), tag.length);
        assertEquals(vector.valid(), Arrays.equals(tag, computed), vector::toString);
    }

    /** RFC 5869 appendix A.1. */
    @Test
    void basicCaseOfRfc5869() {
        byte[] prk = Hkdf.extract(HashAlgorithm.SHA_256, HEX.parseHex("000102030405060708090a0b0c"),
            HEX.parseHex("0b".repeat(22)));
        assertHex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5", prk);
        assertHex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
            Hkdf.expand(HashAlgorithm.SHA_256, prk, HEX.parseHex("f0f1f2f3f4f5f6f7f8f9"), 42));
    }

    /** RFC 5869 appendix A.2. */
    @Test
    void longInputsAndOutputsOfRfc5869() {
        byte[] prk = Hkdf.extract(HashAlgorithm.SHA_256, counting(0x60, 80), counting(0x00, 80));
        assertHex("06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244", prk);
        assertHex("b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
            + "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
            Hkdf.expand(HashAlgorithm.SHA_256, prk, counting(0xb0, 80), 82));
    }

    /** RFC 5869 appendix A.3. */
    @Test
    void emptySaltAndInfoOfRfc5869() {
        byte[] prk = Hkdf.extract(HashAlgorithm.SHA_256, new byte[0], HEX.parseHex("0b".repeat(22)));
        assertHex("19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04", prk);
        assertHex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
            Hkdf.expand(HashAlgorithm.SHA_256, prk, new byte[0], 42));
    }

    @Test
    void anOutputBeyondTheLimitIsRefused() {
        byte[] prk = new byte[32];
        assertEquals(Hkdf.MAX_LENGTH, Hkdf.expand(HashAlgorithm.SM3, prk, new byte[0], Hkdf.MAX_LENGTH).length);
        assertThrows(IllegalArgumentException.class,
            () -> Hkdf.expand(HashAlgorithm.SM3, prk, new byte[0], Hkdf.MAX_LENGTH + 1));
        assertThrows(IllegalArgumentException.class, () -> Hkdf.expand(HashAlgorithm.SM3, prk, new byte[0], 0));
    }

    private static byte[] counting(int from, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (from + i);
        }
        return bytes;
    }

    private static void assertHex(String expected, byte[] actual) {
        assertEquals(expected, HEX.formatHex(actual));
    }
}
