package org.pairspan.cli.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmountsTest {
    @ParameterizedTest
    @CsvSource({"-1, unknown", "0, 0 ns", "999, 999 ns", "412000, 412 µs", "4126000, 4.13 ms", "412000000, 412 ms", "4120000000, 4.1 s",
        "41000000000, 41 s", "303000000000, 5 min 3 s", "7380000000000, 2 h 3 min", "266400000000000, 3 d 2 h"})
    void aTimeHasTheUnitThatFitsIt(long ns, String text) {
        assertEquals(text, Amounts.time(ns));
    }

    @Test
    void bytesAreCountedInPowersOfTwo() {
        assertEquals("1023 B", Amounts.bytes(1023));
        assertEquals("1.5 KiB", Amounts.bytes(1536));
        assertEquals("12.0 GiB", Amounts.bytes(12L << 30));
    }

    @Test
    void attributesThatNameATimesUnitAreShownWithIt() {
        assertEquals("uptime", AttributeText.words("UptimeSeconds"));
        assertEquals("2 h 3 min", AttributeText.format("UptimeSeconds", 7380L));
        assertEquals("journal median", AttributeText.words("JournalMedianMicros"));
        assertEquals("412 µs", AttributeText.format("JournalMedianMicros", 412L));
    }
}
