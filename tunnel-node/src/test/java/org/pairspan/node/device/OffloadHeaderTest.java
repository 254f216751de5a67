package org.pairspan.node.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class OffloadHeaderTest {
    private static final int PACKET_LENGTH = 3000;
    private static final int LENGTH = OffloadHeader.LENGTH + PACKET_LENGTH;

    @Test
    void theFieldsLieWhereTheKernelPutsThem() {
        UnsafeBuffer header = new UnsafeBuffer(HexFormat.of().parseHex("01814200b40514001000"));
        assertEquals(OffloadHeader.NEEDS_CHECKSUM, OffloadHeader.flags(header, 0));
        assertEquals(OffloadHeader.TYPE_TCP_IPV4 | OffloadHeader.TYPE_ECN, OffloadHeader.type(header, 0));
        assertEquals(66, OffloadHeader.headerLength(header, 0));
        assertEquals(1460, OffloadHeader.segmentSize(header, 0));
        assertEquals(20, OffloadHeader.checksumStart(header, 0));
        assertEquals(16, OffloadHeader.checksumOffset(header, 0));
        assertEquals(
            "offload{flags=1 type=129 headerLength=66 segmentSize=1460 checksumStart=20 checksumOffset=16}",
            OffloadHeader.describe(header, 0));
    }

    @Test
    void whatTheKernelGivesForTcpPassesInBothFamilies() {
        assertTrue(valid(tcp4()));
        assertTrue(valid(tcp6()));
        assertTrue(valid(with(tcp4(), OffloadHeader.TYPE_OFFSET, OffloadHeader.TYPE_TCP_IPV4 | OffloadHeader.TYPE_ECN)));
    }

    @Test
    void aPacketThatLacksNothingPasses() {
        UnsafeBuffer packet = tcp4();
        OffloadHeader.putNone(packet, 0);
        assertTrue(valid(packet));
        assertTrue(valid(with(packet, OffloadHeader.FLAGS_OFFSET, OffloadHeader.DATA_VALID)));
    }

    @Test
    void theChecksumIsNeverStoredIntoTheIpHeader() {
        assertFalse(valid(with16(tcp4(), OffloadHeader.CHECKSUM_START_OFFSET, 0)));
        assertFalse(valid(with16(tcp4(), OffloadHeader.CHECKSUM_START_OFFSET, 19)));
        assertFalse(valid(with16(tcp6(), OffloadHeader.CHECKSUM_START_OFFSET, 39)));
        // With IPv4 options the header is longer.
        assertFalse(valid(with(tcp4(), OffloadHeader.LENGTH, 0x46)));
    }

    @Test
    void theChecksumLiesInsideThePacket() {
        UnsafeBuffer packet = with(tcp4(), OffloadHeader.TYPE_OFFSET, OffloadHeader.TYPE_NONE);
        assertTrue(valid(with16(packet, OffloadHeader.CHECKSUM_START_OFFSET, PACKET_LENGTH - 18)));
        assertFalse(valid(with16(packet, OffloadHeader.CHECKSUM_START_OFFSET, PACKET_LENGTH - 17)));
        assertFalse(valid(with16(packet, OffloadHeader.CHECKSUM_OFFSET_OFFSET, 0xFFFF)));
    }

    @Test
    void aTypeMustBeKnownAndAgreeWithThePacket() {
        assertFalse(valid(with(tcp4(), OffloadHeader.TYPE_OFFSET, OffloadHeader.TYPE_TCP_IPV6)));
        assertFalse(valid(with(tcp6(), OffloadHeader.TYPE_OFFSET, OffloadHeader.TYPE_TCP_IPV4)));
        assertFalse(valid(with(tcp4(), OffloadHeader.TYPE_OFFSET, 3)), "UDP fragmentation");
        assertFalse(valid(with(tcp4(), OffloadHeader.TYPE_OFFSET, 5)), "UDP segmentation");
        assertFalse(valid(with(tcp4(), OffloadHeader.TYPE_OFFSET, OffloadHeader.TYPE_ECN)));
        assertFalse(valid(with(tcp4(), OffloadHeader.LENGTH + 9, 17)), "the packet is UDP");
    }

    @Test
    void aStretchOfTcpNeedsAChecksumAndASensibleSegmentSize() {
        assertFalse(valid(with(tcp4(), OffloadHeader.FLAGS_OFFSET, 0)));
        assertFalse(valid(with16(tcp4(), OffloadHeader.SEGMENT_SIZE_OFFSET, 0)));
        assertFalse(valid(with16(tcp4(), OffloadHeader.SEGMENT_SIZE_OFFSET, 7)));
        assertTrue(valid(with16(tcp4(), OffloadHeader.SEGMENT_SIZE_OFFSET, 8)));
        assertFalse(valid(with16(tcp4(), OffloadHeader.CHECKSUM_OFFSET_OFFSET, 6)));
    }

    @Test
    void unknownFlagsAndHeadersLongerThanThePacketAreRefused() {
        assertFalse(valid(with(tcp4(), OffloadHeader.FLAGS_OFFSET, 5)));
        assertTrue(valid(with16(tcp4(), OffloadHeader.HEADER_LENGTH_OFFSET, PACKET_LENGTH)));
        assertFalse(valid(with16(tcp4(), OffloadHeader.HEADER_LENGTH_OFFSET, PACKET_LENGTH + 1)));
    }

    @Test
    void whatIsNoIpPacketIsRefused() {
        UnsafeBuffer packet = tcp4();
        OffloadHeader.putNone(packet, 0);
        assertFalse(valid(with(packet, OffloadHeader.LENGTH, 0x55)));
        assertFalse(valid(with(packet, OffloadHeader.LENGTH, 0x44)), "an IPv4 header has five words or more");
        assertTrue(valid(with(packet, OffloadHeader.LENGTH, 0x45)));
        assertFalse(OffloadHeader.isValid(packet, 0, OffloadHeader.LENGTH + 19));
        assertFalse(OffloadHeader.isValid(packet, 0, OffloadHeader.LENGTH));
        assertFalse(OffloadHeader.isValid(packet, 0, 0));
        with(packet, OffloadHeader.LENGTH, 0x60);
        assertFalse(OffloadHeader.isValid(packet, 0, OffloadHeader.LENGTH + 39));
        assertTrue(OffloadHeader.isValid(packet, 0, OffloadHeader.LENGTH + 40));
    }

    @Test
    void noOctetsMakeItReadBeyondTheirEnd() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 200_000; i++) {
            byte[] octets = new byte[random.nextInt(80)];
            random.nextBytes(octets);
            if (octets.length > OffloadHeader.LENGTH && random.nextBoolean()) {
                octets[OffloadHeader.LENGTH] = (byte) (random.nextBoolean() ? 0x45 : 0x60);
                octets[OffloadHeader.FLAGS_OFFSET] &= 3;
            }
            boolean valid;
            try {
                valid = OffloadHeader.isValid(new UnsafeBuffer(octets), 0, octets.length);
            } catch (IndexOutOfBoundsException e) {
                throw new AssertionError("seed " + seed + ", octets " + HexFormat.of().formatHex(octets), e);
            }
            if (valid && (octets[0] & OffloadHeader.NEEDS_CHECKSUM) != 0) {
                UnsafeBuffer header = new UnsafeBuffer(octets);
                int stored = OffloadHeader.checksumStart(header, 0) + OffloadHeader.checksumOffset(header, 0);
                assertTrue(stored >= 20 && stored + 2 <= octets.length - OffloadHeader.LENGTH, "seed " + seed);
            }
        }
    }

    private static boolean valid(UnsafeBuffer packet) {
        return OffloadHeader.isValid(packet, 0, LENGTH);
    }

    private static UnsafeBuffer tcp4() {
        UnsafeBuffer packet = new UnsafeBuffer(new byte[LENGTH]);
        header(packet, OffloadHeader.TYPE_TCP_IPV4, 20);
        packet.putByte(OffloadHeader.LENGTH, (byte) 0x45);
        packet.putByte(OffloadHeader.LENGTH + 9, (byte) 6);
        return packet;
    }

    private static UnsafeBuffer tcp6() {
        UnsafeBuffer packet = new UnsafeBuffer(new byte[LENGTH]);
        header(packet, OffloadHeader.TYPE_TCP_IPV6, 40);
        packet.putByte(OffloadHeader.LENGTH, (byte) 0x60);
        packet.putByte(OffloadHeader.LENGTH + 6, (byte) 6);
        return packet;
    }

    private static void header(UnsafeBuffer packet, int type, int ipHeader) {
        with(packet, OffloadHeader.FLAGS_OFFSET, OffloadHeader.NEEDS_CHECKSUM);
        with(packet, OffloadHeader.TYPE_OFFSET, type);
        with16(packet, OffloadHeader.HEADER_LENGTH_OFFSET, ipHeader + 32);
        with16(packet, OffloadHeader.SEGMENT_SIZE_OFFSET, 1368);
        with16(packet, OffloadHeader.CHECKSUM_START_OFFSET, ipHeader);
        with16(packet, OffloadHeader.CHECKSUM_OFFSET_OFFSET, 16);
    }

    private static UnsafeBuffer with(UnsafeBuffer packet, int offset, int value) {
        packet.putByte(offset, (byte) value);
        return packet;
    }

    private static UnsafeBuffer with16(UnsafeBuffer packet, int offset, int value) {
        packet.putShort(offset, (short) value, ByteOrder.LITTLE_ENDIAN);
        return packet;
    }
}
