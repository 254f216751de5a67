package org.pairspan.node.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class UdpStretchTest {
    private final UdpStretch stretch = new UdpStretch();

    @Test
    void eachDatagramOfAnIpv4FrameHasItsOwnLengthsAndIdentification() {
        assertEquals(List.of(
            "01000000000014000600" + "4500001fffff4000401126cb0a0000010a0100029c4001bb000b1420616263",
            "01000000000014000600" + "4500001f00004000401126cb0a0000010a0100029c4001bb000b1420646566",
            "01000000000014000600" + "4500001d00014000401126cc0a0000010a0100029c4001bb0009141e67"),
            datagrams("01051c00030014000600" + "45000023ffff4000401126c70a0000010a0100029c4001bb000f142461626364656667"));
    }

    @Test
    void eachDatagramOfAnIpv6FrameHasItsOwnLengthsAlsoBehindExtensionHeaders() {
        String addresses = "fd000000000000000000000000000001fd010000000000000000000000000002";
        String options = "1100010400000000";
        assertEquals(List.of(
            "01000000000030000600" + "60012345001200" + "40" + addresses + options + "9c4001bb000afa20" + "6162",
            "01000000000030000600" + "60012345001100" + "40" + addresses + options + "9c4001bb0009fa1f" + "63"),
            datagrams("01053800020030000600" + "60012345001300" + "40" + addresses + options + "9c4001bb000bfa21" + "616263"));
    }

    @Test
    void aFrameThatContradictsItselfIsLeftAsItIs() {
        UnsafeBuffer none = new UnsafeBuffer(HexFormat.of().parseHex("01051c00000014000600" + "45".repeat(50)));
        assertFalse(stretch.begin(none, 0, none.capacity()), "no segment size");
        UnsafeBuffer beyond = new UnsafeBuffer(HexFormat.of().parseHex("01051c00030014000600" + "45".repeat(28)));
        assertFalse(stretch.begin(beyond, 0, beyond.capacity()), "no payload");
        assertEquals(0, stretch.next(new UnsafeBuffer(new byte[100]), 0));
    }

    @Test
    void noOctetsMakeItReadBeyondTheirEnd() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        UnsafeBuffer out = new UnsafeBuffer(new byte[200]);
        for (int i = 0; i < 100_000; i++) {
            byte[] octets = new byte[OffloadHeader.LENGTH + random.nextInt(100)];
            random.nextBytes(octets);
            octets[OffloadHeader.SEGMENT_SIZE_OFFSET + 1] = 0;
            octets[OffloadHeader.CHECKSUM_START_OFFSET + 1] = 0;
            UnsafeBuffer frame = new UnsafeBuffer(octets);
            try {
                int taken = 0;
                if (stretch.begin(frame, 0, octets.length)) {
                    while (stretch.next(out, 0) > 0) {
                        taken++;
                    }
                    assertTrue(taken > 0 && taken <= 100);
                }
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ", octets " + HexFormat.of().formatHex(octets), e);
            }
        }
    }

    private List<String> datagrams(String frame) {
        UnsafeBuffer buffer = new UnsafeBuffer(HexFormat.of().parseHex(frame));
        assertTrue(stretch.begin(buffer, 0, buffer.capacity()));
        List<String> datagrams = new ArrayList<>();
        byte[] out = new byte[200];
        for (int length = stretch.next(new UnsafeBuffer(out), 0); length > 0; length = stretch.next(new UnsafeBuffer(out), 0)) {
            datagrams.add(HexFormat.of().formatHex(Arrays.copyOf(out, length)));
        }
        return datagrams;
    }
}
