package org.pairspan.protocol.association;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class SpiTest {
    @Test
    void numberAndGenerationHaveTheirPlaces() {
        assertEquals(0x0000_1001, Spi.of(1, 1));
        assertEquals(0xFFFF_F000, Spi.of(Spi.MAX_MEMBER_NUMBER, 4096));
        assertEquals(0x0000_7002, Spi.of(7, 0x1_0000_0002L));
    }

    @Test
    void theSenderIsReadBack() {
        assertEquals(1, Spi.senderNumber(Spi.of(1, 1)));
        assertEquals(Spi.MAX_MEMBER_NUMBER, Spi.senderNumber(Spi.of(Spi.MAX_MEMBER_NUMBER, 4095)));
        assertEquals(0, Spi.senderNumber(0xFFF));
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Spi.of(0, 1));
        assertThrows(IllegalArgumentException.class, () -> Spi.of(Spi.MAX_MEMBER_NUMBER + 1, 1));
        assertThrows(IllegalArgumentException.class, () -> Spi.of(1, 0));
    }
}
