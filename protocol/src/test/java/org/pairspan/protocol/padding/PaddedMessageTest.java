package org.pairspan.protocol.padding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaddedMessageTest {
    @Test
    void theHeaderIsTheseBytes() {
        UnsafeBuffer out = new UnsafeBuffer(new byte[PaddedMessage.HEADER_LENGTH]);
        PaddedMessage.writeHeader(out, 0, 1200);
        assertEquals("0a04b0", HexFormat.of().formatHex(out.byteArray()));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"0a000204aa, 2", "0a000104, 1", "0a000204aa000000, 2", "0a, -1", "0a0002, -1", "0a000004, -1", "0a000304aa, -1",
        "0affff04aa, -1", "0a00020a00, -1"})
    void theLengthInsideIsReadAndChecked(String hex, int inner) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        assertEquals(inner, PaddedMessage.innerLength(new UnsafeBuffer(bytes), 0, bytes.length));
    }

    @Test
    void noSequenceOfBytesDoesHarm() {
        long seed = 20261124;
        Random random = new Random(seed);
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[1 + random.nextInt(40)];
            random.nextBytes(bytes);
            bytes[0] = 10;
            if (bytes.length > 1) {
                bytes[1] = 0;
            }
            int inner = PaddedMessage.innerLength(new UnsafeBuffer(bytes), 0, bytes.length);
            assertTrue(inner == PaddedMessage.MALFORMED || inner > 0 && inner + PaddedMessage.HEADER_LENGTH <= bytes.length,
                () -> "seed " + seed);
        }
    }
}
