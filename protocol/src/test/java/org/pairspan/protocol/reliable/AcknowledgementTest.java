package org.pairspan.protocol.reliable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class AcknowledgementTest {
    private static final byte INCARNATION = (byte) 0xFE;
    private static final long INSTANCE = 0x0102_0304_0506_0708L;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[Acknowledgement.MAX_LENGTH]);

    @Test
    void aRequestHasItsBytes() {
        assertBytes("0200fe00", Acknowledgement.encodeRequest(buffer, INCARNATION));
    }

    @Test
    void theAnswerThatThereIsNoStreamHasItsBytes() {
        assertBytes("0202fe000102030405060708" + "00000000" + "00001000" + "05780000" + "00000000" + "00000000",
            Acknowledgement.encodeNoStream(buffer, INCARNATION, INSTANCE, 4096, 1400));
    }

    @Test
    void aStateHasItsBytes() {
        NumberSet here = new NumberSet(128);
        here.add(0xFFFF_FFFE);
        here.add(1);
        here.add(0x40);
        int length = Acknowledgement.encodeState(buffer, INCARNATION, INSTANCE, 0xFFFF_FFFD, 128, 0xFFFF, here, 0x44);
        Acknowledgement.encodeNewest(buffer, false, 0x40, 0x1_0000_0000L);
        assertBytes("0201fe020102030405060708" + "fffffffd" + "00000080" + "ffff0000" + "00000040" + "ffffffff"
            + "0000000000000012" + "0000000000000008", length);
        assertEquals(68, Acknowledgement.span(buffer, 0));
        Acknowledgement.encodeNewest(buffer, true, 1, -5);
        assertBytes("0203fe020102030405060708" + "fffffffd" + "00000080" + "ffff0000" + "00000001" + "00000000"
            + "0000000000000012" + "0000000000000008", length);
        assertEquals(0xFFFF_FFFD, Acknowledgement.next(buffer, 0));
        assertEquals(0xFFFF, Acknowledgement.longestPiece(buffer, 0));
        assertEquals(0, Acknowledgement.delayNs(buffer, 0));
    }

    @Test
    void anEmptyStateHasNoBitmap() {
        int length = Acknowledgement.encodeState(buffer, INCARNATION, INSTANCE, 7, 128, 1400, new NumberSet(128), 0);
        assertEquals(Acknowledgement.HEADER_LENGTH, length);
        assertEquals(0, Acknowledgement.span(buffer, 0));
    }

    @Test
    void aMessageOfAnotherLengthThanItSaysIsMalformed() {
        int length = Acknowledgement.encodeState(buffer, INCARNATION, INSTANCE, 7, 128, 1400, new NumberSet(128), 100);
        assertTrue(Acknowledgement.isWellFormed(buffer, 0, length));
        for (int other = 0; other <= buffer.capacity(); other++) {
            if (other != length) {
                assertFalse(Acknowledgement.isWellFormed(buffer, 0, other), "length " + other);
            }
        }
        buffer.putByte(3, (byte) 129);
        assertFalse(Acknowledgement.isWellFormed(buffer, 0, Acknowledgement.HEADER_LENGTH + 129 * 8), "too many words");
        Acknowledgement.encodeRequest(buffer, INCARNATION);
        assertTrue(Acknowledgement.isWellFormed(buffer, 0, 4));
        buffer.putByte(1, (byte) 4);
        assertFalse(Acknowledgement.isWellFormed(buffer, 0, 4), "unknown kind");
        buffer.putByte(1, (byte) 0);
        buffer.putByte(0, (byte) 3);
        assertFalse(Acknowledgement.isWellFormed(buffer, 0, 4), "another type");
    }

    @Test
    void aSetOfNumbersIsWhatASetIs() {
        for (long seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            NumberSet set = new NumberSet(256);
            boolean[] expected = new boolean[256];
            int base = random.nextInt();
            for (int i = 0; i < 500; i++) {
                int distance = random.nextInt(256);
                boolean add = random.nextBoolean();
                expected[distance] = add;
                if (add) {
                    set.add(base + distance);
                } else {
                    set.remove(base + distance);
                }
            }
            for (int distance = 0; distance < 256 - 64; distance++) {
                assertEquals(expected[distance], set.contains(base + distance), "seed " + seed);
                for (int bit = 0; bit < 64; bit++) {
                    assertEquals(expected[distance + bit], (set.from(base + distance) >>> bit & 1) == 1, "seed " + seed + " bit " + bit);
                }
            }
        }
    }

    private void assertBytes(String hex, int length) {
        assertEquals(hex, HexFormat.of().formatHex(buffer.byteArray(), 0, length));
        assertTrue(Acknowledgement.isWellFormed(buffer, 0, length));
    }
}
