package org.pairspan.protocol.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BearerSegmentTest {
    @Test
    void aSegmentOfTwoPiecesHasTheseBytes() {
        UnsafeBuffer segment = new UnsafeBuffer(new byte[12 + 10 + 5 + 10 + 1]);
        UnsafeBuffer pieces = new UnsafeBuffer("xhello!".getBytes(StandardCharsets.US_ASCII));
        BearerSegment.writePrefix(segment, 0, 0x0102_0304, 0x0506_0708, 0x0009_0A0B);
        int at = BearerSegment.PREFIX_LENGTH;
        at += BearerSegment.writePiece(segment, at, SegmentHeader.encode(6, 0, 0, 0x77), pieces, 1, 5);
        at += BearerSegment.writePiece(segment, at, SegmentHeader.encode(2, 0, 0, 0x78), pieces, 6, 1);
        assertEquals(segment.capacity(), at);
        assertEquals("01020304" + "05060708" + "00090a0b" + "0005" + "0600000000000077" + "68656c6c6f" + "0001" + "0200000000000078"
            + "21", HexFormat.of().formatHex(segment.byteArray()));
        assertEquals(0x0102_0304, BearerSegment.sessionId(segment, 0));
        assertEquals(0x0506_0708, BearerSegment.termId(segment, 0));
        assertEquals(0x0009_0A0B, BearerSegment.termOffset(segment, 0));
        assertEquals(5, BearerSegment.pieceLength(segment, 12, 26));
        assertEquals(SegmentHeader.encode(6, 0, 0, 0x77), BearerSegment.header(segment, 12));
        assertEquals(1, BearerSegment.pieceLength(segment, 27, 11));
        assertEquals(BearerSegment.END, BearerSegment.pieceLength(segment, 38, 0));
    }

    @ParameterizedTest
    @CsvSource({
        "'', 0",
        "00, 0",
        "07, 0",
        "0000, 0",
        "0000ff, 0",
        "0001, -1",
        "00010000000000000000, -1",
        "0001000000000000000041, 1",
        "000100000000000000004142, 1",
        "00020000000000000000" + "41, -1",
        "ffff0000000000000000" + "41, -1"})
    void aPieceIsThereAsAWholeOrTheSegmentEndsOrIsMalformed(String hex, int expected) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        assertEquals(expected, BearerSegment.pieceLength(new UnsafeBuffer(bytes), 0, bytes.length));
    }

    @Test
    void theLargestPieceFitsThePlaintext() {
        assertEquals(1404, BearerSegment.pieceCapacity(1426));
        assertEquals(1, BearerSegment.pieceCapacity(23));
        assertTrue(BearerSegment.pieceCapacity(22) < 1);
        assertEquals(0xFFFF, BearerSegment.pieceCapacity(Integer.MAX_VALUE));
    }

    @Test
    void noWalkOverGarbageLeavesTheSegment() {
        for (long seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[] garbage = new byte[random.nextInt(200)];
            random.nextBytes(garbage);
            for (int i = 0; i < garbage.length; i++) {
                // Small lengths are the ones that lead further.
                garbage[i] &= (byte) (random.nextInt(4) == 0 ? 0x0F : 0);
            }
            UnsafeBuffer segment = new UnsafeBuffer(garbage);
            int at = 0;
            int length = BearerSegment.pieceLength(segment, at, garbage.length);
            while (length > 0) {
                at += BearerSegment.PIECE_PREFIX_LENGTH + length;
                assertTrue(at <= garbage.length, "seed " + seed);
                length = BearerSegment.pieceLength(segment, at, garbage.length - at);
            }
        }
    }
}
