package org.pairspan.protocol.esp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EspTest {
    private static final int WINDOW = 1000;

    @Test
    void theHeaderHasItsBytes() {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[1 + EspHeader.LENGTH]);
        EspHeader.write(buffer, 1, 0x0102_0304, 0x1122_3344_F566_7788L);
        assertEquals("00" + "01020304" + "f5667788" + "11223344f5667788", HexFormat.of().formatHex(buffer.byteArray()));
        assertEquals(0x0102_0304, EspHeader.spi(buffer, 1));
        assertEquals(0xF566_7788, EspHeader.sequenceLow(buffer, 1));
        assertEquals(0x1122_3344_F566_7788L, EspHeader.initialisationVector(buffer, 1));
        assertTrue(EspHeader.describe(buffer, 1).startsWith("ESP{spi=0x1020304 sequenceLow=4117133192 iv="));
    }

    @ParameterizedTest
    @CsvSource({"0, 0102023b", "1, 01013b", "2, 003b", "3, 010203033b", "4, 0102023b", "5, 01013b", "6, 003b"})
    void theTrailerAlignsToFourBytes(int plaintextLength, String trailer) {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[17]);
        int paddedLength = plaintextLength + trailer.length() / 2;
        assertEquals(0, paddedLength % 4);
        assertEquals(paddedLength, EspTrailer.append(buffer, 1, plaintextLength, EspTrailer.NEXT_HEADER_DUMMY));
        assertEquals(trailer, HexFormat.of().formatHex(buffer.byteArray(), 1 + plaintextLength, 1 + paddedLength));
        assertEquals(plaintextLength, EspTrailer.plaintextLength(buffer, 1, paddedLength));
        assertEquals(EspTrailer.NEXT_HEADER_DUMMY, EspTrailer.nextHeader(buffer, 1, paddedLength));
    }

    @Test
    void theCapacityIsTheLargestThatFits() {
        for (int length = 4; length < 100; length++) {
            int capacity = EspTrailer.plaintextCapacity(length);
            assertTrue(EspTrailer.paddedLength(capacity) <= length);
            assertTrue(EspTrailer.paddedLength(capacity + 1) > length);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "aabb0102023b, 2",
        "01020304050607080809, 0",
        "0102030405060708090a0a09, 0",
        "aabb0103023b, -1",
        "aabb0002023b, -1",
        "0000033b, -1",
        "aabbccddff3b, -1"})
    void paddingIsOneTwoThreeAndNoLongerThanThePacket(String padded, int plaintextLength) {
        byte[] bytes = HexFormat.of().parseHex(padded);
        assertEquals(plaintextLength, EspTrailer.plaintextLength(new UnsafeBuffer(bytes), 0, bytes.length));
    }

    /** Received low half, highest number so far, the number inferred; window of 1000. */
    @ParameterizedTest
    @CsvSource({
        // Case A: the window lies within one subspace.
        "2001, 2000, 2001",
        "1001, 2000, 1001",
        "1000, 2000, 4294968296",
        // Case B: the window reaches into the subspace below.
        "5, 4294967300, 4294967301",
        "4294967295, 4294967300, 4294967295",
        "4294966301, 4294967300, 4294966301",
        "4294966300, 4294967300, 8589933596",
        // The sender has just gone over.
        "0, 4294967295, 4294967296",
        "1, 4294967290, 4294967297"})
    void theUpperHalfIsInferredAsInAppendixA2(long sequenceLow, long highest, long expected) {
        assertEquals(expected, ExtendedSequence.infer((int) sequenceLow, highest, WINDOW));
    }

    @Test
    void everyNumberInOrInFrontOfTheWindowIsInferredFromItsHalf() {
        for (long seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            long highest = WINDOW + random.nextLong(1L << 40);
            long sequence = highest - WINDOW + 1 + random.nextLong((1L << 32) - 1);
            assertEquals(sequence, ExtendedSequence.infer((int) sequence, highest, WINDOW), "seed " + seed);
        }
    }

    @Test
    void aNumberInFrontOfTheFirstIsNegative() {
        assertTrue(ExtendedSequence.infer(-1, 3, WINDOW) < 0);
    }
}
