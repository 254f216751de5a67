package org.pairspan.node.offload;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pairspan.node.offload.TransportPackets.ACK;
import static org.pairspan.node.offload.TransportPackets.SYN;
import static org.pairspan.node.offload.TransportPackets.hex;

import java.util.Arrays;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class MssClampTest {
    private static final String OPENING = "4502002c0001400040064e92c0000201c63364029c4001bb00000001000000006002faf0";

    private final TransportPackets.Flow flow = new TransportPackets.Flow();

    @Test
    void theMssOfASynIsLoweredAndItsChecksumFollows() {
        assertEquals(OPENING + "14060000020404b0", hex(clamped(hex(OPENING + "13020000020405b4"), 1240, false)));
    }

    @Test
    void anIncompleteChecksumDoesNotCoverTheOptionYet() {
        flow.tcpOptions = hex("020405b40402080a0000000100000000");
        byte[] packet = flow.six().tcp(SYN | ACK, new byte[0]);
        byte[] expected = packet.clone();
        expected[62] = 0x04;
        expected[63] = (byte) 0xB0;
        assertArrayEquals(expected, clamped(packet, 1260, true));
    }

    @Test
    void itNeverRaises() {
        flow.tcpOptions = hex("020404b0");
        unchanged(flow.tcp(SYN, new byte[0]), 1240);
        unchanged(flow.tcp(SYN, new byte[0]), 1500);
        unchanged(flow.tcp(SYN, new byte[0]), 40);
    }

    @Test
    void onlyASynAnnouncesAnMss() {
        flow.tcpOptions = hex("020405b4");
        unchanged(flow.tcp(ACK, new byte[0]), 1000);
        flow.tcpOptions = hex("01010402");
        unchanged(flow.tcp(SYN, new byte[0]), 1000);
        byte[] fragment = flow.tcp(SYN, new byte[0]);
        fragment[7] = 1;
        unchanged(fragment, 1000);
        unchanged(flow.udp(hex("0000000000000200000000000000020405b4")), 100);
    }

    @Test
    void aHostileListOfOptionsEndsTheSearch() {
        for (String options : new String[] {
            "00020405b4000000", "0200020405b40000", "0201020405b40000", "fd09020405b40000", "020305b401010101", "0101010101010102"}) {
            flow.tcpOptions = hex(options);
            unchanged(flow.tcp(SYN, new byte[0]), 1000);
        }
    }

    @Test
    void anyOptionAtAnyPlaceIsFoundAndTheChecksumStaysRight() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            int padding = random.nextInt(8);
            byte[] options = new byte[16];
            Arrays.fill(options, 0, padding, (byte) 1);
            options[padding] = 2;
            options[padding + 1] = 4;
            int announced = random.nextInt(0x10000);
            options[padding + 2] = (byte) (announced >>> 8);
            options[padding + 3] = (byte) announced;
            flow.tcpOptions = options;
            flow.ipv6 = random.nextBoolean();
            byte[] payload = new byte[random.nextInt(20)];
            byte[] packet = clamped(TransportPackets.completed(flow.tcp(SYN, payload)), 1400, false);
            int at = TransportPackets.ipHeader(packet) + 20 + padding + 2;
            int most = flow.ipv6 ? 1340 : 1360;
            assertEquals(Math.min(most, announced), (packet[at] & 0xFF) << 8 | packet[at + 1] & 0xFF, "seed " + seed);
            assertTrue(TransportPackets.isRight(packet), "seed " + seed);
        }
    }

    @Test
    void noOctetsMakeItReadOrWriteBeyondTheirEnd() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 200_000; i++) {
            byte[] options = new byte[4 * random.nextInt(11)];
            random.nextBytes(options);
            for (int at = 0; at < options.length; at++) {
                options[at] = random.nextBoolean() ? (byte) random.nextInt(6) : options[at];
            }
            flow.tcpOptions = options;
            flow.ipv6 = random.nextBoolean();
            byte[] packet = flow.tcp(SYN, new byte[0]);
            if (random.nextInt(4) == 0) {
                packet[random.nextInt(packet.length)] = (byte) random.nextInt();
            }
            try {
                clamped(packet, random.nextInt(1500), random.nextBoolean());
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", octets " + hex(packet), e);
            }
        }
    }

    private static void unchanged(byte[] packet, int largest) {
        assertArrayEquals(packet.clone(), clamped(packet, largest, false));
    }

    private static byte[] clamped(byte[] packet, int largest, boolean needsChecksum) {
        MssClamp.clamp(new UnsafeBuffer(packet), 0, packet.length, largest, needsChecksum);
        return packet;
    }
}
