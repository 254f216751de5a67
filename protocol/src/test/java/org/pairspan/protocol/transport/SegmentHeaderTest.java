package org.pairspan.protocol.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SegmentHeaderTest {
    @Test
    void theFieldsLieWhereTheDiagramHasThem() {
        int flags = SegmentHeader.RELIABLE | SegmentHeader.FIRST | SegmentHeader.SUPER;
        long header = SegmentHeader.encode(flags, 0xA1, 0xB2C3, 0xD4E5F607);
        assertEquals(0x13A1_B2C3_D4E5_F607L, header);
        assertEquals("Segment{flags=0x13 incarnation=161 word=45763 number=3571840519}", SegmentHeader.describe(header));
    }

    @Test
    void whatIsEncodedIsDecoded() {
        for (long seed = 0; seed < 1_000; seed++) {
            Random random = new Random(seed);
            int flags = random.nextInt(256);
            int incarnation = random.nextInt(256);
            int word = random.nextInt(65_536);
            int number = random.nextInt();
            long header = SegmentHeader.encode(flags, incarnation, word, number);
            String which = "seed " + seed;
            assertEquals(flags, SegmentHeader.flags(header), which);
            assertEquals(incarnation, SegmentHeader.incarnation(header), which);
            assertEquals(word, SegmentHeader.word(header), which);
            assertEquals(number, SegmentHeader.number(header), which);
            assertEquals((flags & 6) == 6, SegmentHeader.has(header, SegmentHeader.WHOLE), which);
        }
    }

    @Test
    void unknownFlagsAndASuperPacketWithoutASegmentSizeAreInvalid() {
        assertTrue(SegmentHeader.isValid(SegmentHeader.encode(SegmentHeader.WHOLE, 0, 0, 1)));
        assertTrue(SegmentHeader.isValid(SegmentHeader.encode(SegmentHeader.FIRST | SegmentHeader.SUPER, 0, 1, 1)));
        assertFalse(SegmentHeader.isValid(SegmentHeader.encode(SegmentHeader.FIRST | SegmentHeader.SUPER, 0, 0, 1)));
        assertFalse(SegmentHeader.isValid(SegmentHeader.encode(SegmentHeader.LAST | SegmentHeader.SUPER, 0, 1, 1)));
        assertFalse(SegmentHeader.isValid(SegmentHeader.encode(0x40, 0, 0, 1)));
        assertFalse(SegmentHeader.isValid(SegmentHeader.encode(0x80, 0, 0, 1)));
    }
}
