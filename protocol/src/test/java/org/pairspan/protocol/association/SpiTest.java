package org.pairspan.protocol.association;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SpiTest {
    @Test
    void numberGenerationAndEpochHaveTheirPlaces() {
        assertEquals(0x0000_1080, Spi.of(1, 1));
        assertEquals(0xFFFF_F07F, Spi.of(Spi.MAX_MEMBER_NUMBER, 32, Spi.MAX_EPOCH));
        assertEquals(0x0000_7103, Spi.of(7, 0x1_0000_0002L, 3));
    }

    @Test
    void senderAndEpochAreReadBack() {
        assertEquals(1, Spi.senderNumber(Spi.of(1, 1)));
        assertEquals(Spi.MAX_MEMBER_NUMBER, Spi.senderNumber(Spi.of(Spi.MAX_MEMBER_NUMBER, 31, 127)));
        assertEquals(0, Spi.senderNumber(0xFFF));
        assertEquals(Spi.BOOTSTRAP_EPOCH, Spi.epoch(Spi.of(1, 31)));
        assertEquals(127, Spi.epoch(Spi.of(Spi.MAX_MEMBER_NUMBER, 31, 127)));
    }

    @Test
    void generationsAreToldApartUpToThirtyTwo() {
        int spi = Spi.of(7, 33, 127);
        assertTrue(Spi.isOfGeneration(spi, 33));
        assertTrue(Spi.isOfGeneration(spi, 1));
        assertFalse(Spi.isOfGeneration(spi, 32));
        assertFalse(Spi.isOfGeneration(spi, 34));
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Spi.of(0, 1));
        assertThrows(IllegalArgumentException.class, () -> Spi.of(Spi.MAX_MEMBER_NUMBER + 1, 1));
        assertThrows(IllegalArgumentException.class, () -> Spi.of(1, 0));
        assertThrows(IllegalArgumentException.class, () -> Spi.of(1, 1, -1));
        assertThrows(IllegalArgumentException.class, () -> Spi.of(1, 1, Spi.MAX_EPOCH + 1));
    }
}
