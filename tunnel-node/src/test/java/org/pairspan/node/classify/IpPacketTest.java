package org.pairspan.node.classify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.HexFormat;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pairspan.protocol.wire.DropReason;

class IpPacketTest {
    // ICMP echo 10.1.0.1 → 10.2.0.9, four octets of data.
    private static final String IPV4 = "45000020 00004000 40010000 0a010001 0a020009 08000000 00000000 01020304";
    // No next header, 2001:db8::1 → 2001:db8:2::9, four octets of data.
    private static final String IPV6 =
        "60000000 00043b40 20010db8000000000000000000000001 20010db8000200000000000000000009 01020304";

    @Test
    void wellFormedPacketsHaveNoFaultAndShowTheirAddresses() {
        UnsafeBuffer four = packet(IPV4, 3);
        assertNull(IpPacket.fault(four, 3, 32));
        assertArrayEquals(new byte[] {10, 1, 0, 1}, IpPacket.source(four, 3));
        assertArrayEquals(new byte[] {10, 2, 0, 9}, IpPacket.destination(four, 3));
        UnsafeBuffer six = packet(IPV6, 5);
        assertNull(IpPacket.fault(six, 5, 44));
        assertArrayEquals(HexFormat.of().parseHex("20010db8000000000000000000000001"), IpPacket.source(six, 5));
        assertArrayEquals(HexFormat.of().parseHex("20010db8000200000000000000000009"), IpPacket.destination(six, 5));
    }

    @Test
    void octetsBehindThePacketAreNoFault() {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
        buffer.putBytes(0, packet(IPV4, 0), 0, 32);
        assertNull(IpPacket.fault(buffer, 0, 64));
    }

    @Test
    void aPacketShorterThanItSaysIsTruncated() {
        for (int length = 1; length < 32; length++) {
            assertEquals(DropReason.TRUNCATED, IpPacket.fault(packet(IPV4, 0), 0, length));
        }
        for (int length = 1; length < 44; length++) {
            assertEquals(DropReason.TRUNCATED, IpPacket.fault(packet(IPV6, 0), 0, length));
        }
    }

    @Test
    void whatIsNeitherFamilyIsNoIp() {
        assertEquals(DropReason.NOT_IP, IpPacket.fault(packet(IPV4, 0), 0, 0));
        for (int version : new int[] {0, 1, 5, 7, 15}) {
            UnsafeBuffer buffer = packet(IPV4, 0);
            buffer.putByte(0, (byte) (version << 4 | 5));
            assertEquals(DropReason.NOT_IP, IpPacket.fault(buffer, 0, 32));
        }
        UnsafeBuffer shortHeader = packet(IPV4, 0);
        shortHeader.putByte(0, (byte) 0x44);
        assertEquals(DropReason.NOT_IP, IpPacket.fault(shortHeader, 0, 32));
        UnsafeBuffer shorterThanItsHeader = packet(IPV4, 0);
        shorterThanItsHeader.putByte(3, (byte) 19);
        assertEquals(DropReason.NOT_IP, IpPacket.fault(shorterThanItsHeader, 0, 32));
    }

    @Test
    void noOctetsMakeItReadBeyondTheirEnd() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 200_000; i++) {
            byte[] octets = new byte[random.nextInt(64)];
            random.nextBytes(octets);
            UnsafeBuffer buffer = new UnsafeBuffer(octets);
            try {
                if (IpPacket.fault(buffer, 0, octets.length) == null) {
                    IpPacket.source(buffer, 0);
                    IpPacket.destination(buffer, 0);
                    IpPacket.isMulticast(buffer, 0);
                }
            } catch (IndexOutOfBoundsException e) {
                throw new AssertionError("seed " + seed + ", octets " + HexFormat.of().formatHex(octets), e);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "dfffffff, false", "e0000001, true", "efffffff, true", "f0000001, false", "ffffffff, true", "fffffffe, false",
        "0a0200ff, false"})
    void multicastAndLimitedBroadcastAreKnownInIpv4(String destination, boolean multicast) {
        UnsafeBuffer buffer = packet(IPV4, 1);
        buffer.putBytes(1 + 16, HexFormat.of().parseHex(destination));
        assertEquals(multicast, IpPacket.isMulticast(buffer, 1));
    }

    @ParameterizedTest
    @CsvSource({"ff, true", "fe, false", "20, false"})
    void multicastIsKnownInIpv6(String first, boolean multicast) {
        UnsafeBuffer buffer = packet(IPV6, 1);
        buffer.putBytes(1 + 24, HexFormat.of().parseHex(first));
        assertEquals(multicast, IpPacket.isMulticast(buffer, 1));
    }

    private static UnsafeBuffer packet(String hex, int offset) {
        byte[] octets = HexFormat.of().parseHex(hex.replace(" ", ""));
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[offset + octets.length]);
        buffer.putBytes(offset, octets);
        return buffer;
    }
}
