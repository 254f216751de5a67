package org.pairspan.kms.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TenureTest {

    @Test
    void isWrittenAsIdAndCountAndReadBack() {
        Tenure tenure = new Tenure(UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"), 258);
        assertEquals("00112233445566778899aabbccddeeff0000000000000102", HexFormat.of().formatHex(tenure.bytes()));
        assertEquals(tenure, Tenure.parse(tenure.bytes()));
        assertEquals(259, tenure.next().count());
    }

    @Test
    void aReleasedRowIsNobodys() {
        Tenure tenure = Tenure.found();
        assertFalse(tenure.isReleased());
        assertTrue(tenure.released().isReleased());
        assertEquals(1, tenure.released().count());
    }

    @Test
    void everyFounderHasAnIdOfItsOwn() {
        assertNotEquals(Tenure.found().cluster(), Tenure.found().cluster());
    }

    @Test
    void whatIsNoneOfOursIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Tenure.parse(new byte[23]));
    }
}
