package org.pairspan.node.device;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class OffloadHeaderTest {
    private static final String HEADER = "01814200b40514001000";

    @Test
    void theFieldsLieWhereTheKernelPutsThem() {
        UnsafeBuffer header = new UnsafeBuffer(HexFormat.of().parseHex(HEADER));
        assertEquals(OffloadHeader.NEEDS_CHECKSUM, OffloadHeader.flags(header, 0));
        assertEquals(OffloadHeader.TYPE_TCP_IPV4 | OffloadHeader.TYPE_ECN, OffloadHeader.type(header, 0));
        assertEquals(1460, OffloadHeader.segmentSize(header, 0));
        assertEquals(20, OffloadHeader.checksumStart(header, 0));
        assertEquals(16, OffloadHeader.checksumOffset(header, 0));
    }

    @Test
    void whatIsWrittenIsWhatTheKernelReads() {
        byte[] octets = new byte[OffloadHeader.LENGTH];
        OffloadHeader.put(new UnsafeBuffer(octets), 0, OffloadHeader.NEEDS_CHECKSUM,
            OffloadHeader.TYPE_TCP_IPV4 | OffloadHeader.TYPE_ECN, 66, 1460, 20, 16);
        assertEquals(HEADER, HexFormat.of().formatHex(octets));
        OffloadHeader.putNone(new UnsafeBuffer(octets), 0);
        assertEquals("00000000000000000000", HexFormat.of().formatHex(octets));
    }
}
