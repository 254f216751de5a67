package org.pairspan.node.offload;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pairspan.node.offload.TransportPackets.ACK;
import static org.pairspan.node.offload.TransportPackets.hex;

import java.util.Arrays;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class ChecksumsTest {
    @Test
    void theExamplesOfTheRfcsHold() {
        // RFC 1071, section 3; RFC 1624, section 4.
        assertEquals(0xDDF2, Checksums.sum(new UnsafeBuffer(hex("0001f203f4f5f6f7")), 0, 8));
        assertEquals(0x0000, Checksums.update(0xDD2F, 0x5555, 0x3285));
    }

    @Test
    void anySumIsThatOfTheSlowWay() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] octets = new byte[random.nextInt(200)];
            random.nextBytes(octets);
            int offset = random.nextInt(octets.length + 1);
            int length = random.nextInt(octets.length - offset + 1);
            assertEquals(TransportPackets.sum(octets, offset, length), Checksums.sum(new UnsafeBuffer(octets), offset, length),
                "seed " + seed + ", octets " + hex(octets) + " from " + offset + ", " + length);
        }
        byte[] most = new byte[65_535];
        Arrays.fill(most, (byte) 0xFF);
        assertEquals(TransportPackets.sum(most, 0, most.length), Checksums.sum(new UnsafeBuffer(most), 0, most.length));
    }

    @Test
    void aChangedWordIsAccountedForWithoutTheRest() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] octets = new byte[40];
            random.nextBytes(octets);
            int before = ~TransportPackets.sum(octets, 0, 40) & 0xFFFF;
            int at = 2 * random.nextInt(20);
            UnsafeBuffer buffer = new UnsafeBuffer(octets);
            int old = Checksums.unsigned(buffer, at);
            int changed = random.nextInt(0x10000);
            Checksums.putUnsigned(buffer, at, changed);
            assertEquals(~TransportPackets.sum(octets, 0, 40) & 0xFFFF, Checksums.update(before, old, changed), "seed " + seed);
        }
    }

    @Test
    void aPlainPacketIsCompletedInPlace() {
        TransportPackets.Flow flow = new TransportPackets.Flow();
        for (byte[] packet : new byte[][] {flow.tcp(ACK, new byte[777]), flow.udp(new byte[33]), flow.six().udp(new byte[1])}) {
            byte[] expected = TransportPackets.completed(packet);
            UnsafeBuffer buffer = new UnsafeBuffer(packet);
            assertFalse(Checksums.isRight(buffer, 0, packet.length));
            assertTrue(Checksums.complete(buffer, 0, packet.length));
            assertArrayEquals(expected, packet);
            assertTrue(Checksums.isRight(buffer, 0, packet.length));
        }
    }

    @Test
    void whatIsNotPlainIsCompletedWhereTheDeviceSaysOnly() {
        byte[] packet = new TransportPackets.Flow().tcp(ACK, new byte[100]);
        byte[] expected = TransportPackets.completed(packet);
        expected[9] = 99;
        packet[9] = 99;
        UnsafeBuffer buffer = new UnsafeBuffer(packet);
        assertFalse(Checksums.isPlain(buffer, 0, packet.length));
        assertFalse(Checksums.complete(buffer, 0, packet.length));
        assertTrue(Checksums.complete(buffer, 0, packet.length, 20, 16));
        assertArrayEquals(expected, packet);
        assertFalse(Checksums.complete(buffer, 0, packet.length, packet.length, 0));
        assertFalse(Checksums.complete(buffer, 0, packet.length, 20, packet.length - 21));
        assertFalse(Checksums.complete(buffer, 0, packet.length, 65_535, 65_535));
        assertArrayEquals(expected, packet);
    }

    @Test
    void aDatagramWithoutAChecksumIsRightInIpv4Alone() {
        byte[] four = new TransportPackets.Flow().udp(new byte[10]);
        four[26] = 0;
        four[27] = 0;
        assertTrue(Checksums.isRight(new UnsafeBuffer(four), 0, four.length));
        byte[] six = new TransportPackets.Flow().six().udp(new byte[10]);
        six[46] = 0;
        six[47] = 0;
        assertFalse(Checksums.isRight(new UnsafeBuffer(six), 0, six.length));
    }

    @Test
    void lengthsMustAgreeToTheOctet() {
        byte[] packet = new TransportPackets.Flow().udp(new byte[10]);
        UnsafeBuffer buffer = new UnsafeBuffer(packet);
        assertTrue(Checksums.isPlain(buffer, 0, packet.length));
        assertFalse(Checksums.isPlain(buffer, 0, packet.length - 1));
        packet[25]++;
        assertFalse(Checksums.isPlain(buffer, 0, packet.length), "UDP length");
        byte[] tcp = new TransportPackets.Flow().six().tcp(ACK, new byte[0]);
        assertTrue(Checksums.isPlain(new UnsafeBuffer(tcp), 0, tcp.length));
        tcp[52] = 0x60;
        assertFalse(Checksums.isPlain(new UnsafeBuffer(tcp), 0, tcp.length), "a TCP header longer than the packet");
    }

    @Test
    void noOctetsMakeItReadBeyondTheirEnd() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 200_000; i++) {
            byte[] octets = new byte[random.nextInt(90)];
            random.nextBytes(octets);
            if (octets.length > 10 && random.nextBoolean()) {
                octets[0] = (byte) (random.nextBoolean() ? 0x45 + random.nextInt(11) : 0x60);
                octets[6] = 6;
                octets[9] = (byte) (random.nextBoolean() ? 6 : 17);
            }
            UnsafeBuffer buffer = new UnsafeBuffer(octets);
            try {
                Checksums.isRight(buffer, 0, octets.length);
                Checksums.complete(buffer, 0, octets.length);
                Checksums.complete(buffer, 0, octets.length, random.nextInt(100), random.nextInt(100));
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", octets " + hex(octets), e);
            }
        }
    }
}
