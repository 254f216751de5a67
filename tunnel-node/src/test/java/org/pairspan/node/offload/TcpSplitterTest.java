package org.pairspan.node.offload;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pairspan.node.offload.TransportPackets.ACK;
import static org.pairspan.node.offload.TransportPackets.PSH;
import static org.pairspan.node.offload.TransportPackets.direct;
import static org.pairspan.node.offload.TransportPackets.hex;

import java.io.ByteArrayOutputStream;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class TcpSplitterTest {
    private final TcpSplitter splitter = new TcpSplitter();

    @Test
    void anIpv4SuperPacketWithTimestampsIsCutAsTheKernelWould() {
        byte[] packet = hex("45020039ffff400040064e86c0000201c63364029c4001bbfffffffe11223344809901f5ec620000"
            + "0101080a00000001000000026162636465");
        assertEquals(List.of(
            "45020036ffff400040064e89c0000201c63364029c4001bbfffffffe11223344809001f5ec5f00000101080a00000001000000026162",
            "450200360000400040064e89c0000201c63364029c4001bb0000000011223344801001f5ec5f00000101080a00000001000000026364",
            "450200350001400040064e89c0000201c63364029c4001bb0000000211223344801901f5ec5e00000101080a000000010000000265"),
            split(packet, 2, 1500).stream().map(TransportPackets::hex).toList());
    }

    @Test
    void anIpv6SuperPacketIsCutToTheLargestPacketWhereTheSegmentSizeIsLarger() {
        byte[] packet = hex("60212345001e064020010db800000000000000000000000120010db80000000000000000000000029c4001bb"
            + "0000000711223344501801f55b99000030313233343536373839");
        assertEquals(List.of(
            "60212345001c064020010db800000000000000000000000120010db80000000000000000000000029c4001bb0000000711223344501001f5"
                + "5b9700003031323334353637",
            "602123450016064020010db800000000000000000000000120010db80000000000000000000000029c4001bb0000000f11223344501801f5"
                + "5b9100003839"),
            split(packet, 1000, 68).stream().map(TransportPackets::hex).toList());
    }

    @Test
    void whatFitsStaysOnePacket() {
        byte[] packet = new TransportPackets.Flow().tcp(ACK | PSH, new byte[1000]);
        assertArrayEquals(packet, split(packet, 1000, 1040).getFirst());
        byte[] empty = new TransportPackets.Flow().six().tcp(ACK, new byte[0]);
        assertArrayEquals(empty, split(empty, 1000, 1500).getFirst());
        byte[] opening = new TransportPackets.Flow().tcp(TransportPackets.SYN, new byte[0]);
        assertArrayEquals(opening, split(opening, 1000, 1500).getFirst());
    }

    @Test
    void whatNoSenderCutsIsLeftToTheCaller() {
        TransportPackets.Flow flow = new TransportPackets.Flow();
        for (int flag : new int[] {TransportPackets.SYN, TransportPackets.RST, TransportPackets.URG}) {
            assertEquals(0, count(flow.tcp(ACK | flag, new byte[2000]), 1000, 1500));
        }
        assertEquals(0, count(flow.udp(new byte[2000]), 1000, 1500));
        assertEquals(0, count(flow.tcp(ACK, new byte[2000]), 1000, 40), "no room for any payload");
        assertEquals(0, count(flow.tcp(ACK, new byte[2000]), 0, 1500));
        byte[] fragment = flow.tcp(ACK, new byte[2000]);
        fragment[7] = 1;
        assertEquals(0, count(fragment, 1000, 1500));
        flow.ipOptions = hex("8307040a00000900");
        assertEquals(0, count(flow.tcp(ACK, new byte[2000]), 1000, 1500), "a source route");
        flow.ipOptions = hex("9404000000000000");
        assertEquals(2, count(flow.tcp(ACK, new byte[2000]), 1000, 1500), "router alert");
        assertThrows(IndexOutOfBoundsException.class, () -> splitter.write(2, new UnsafeBuffer(new byte[1500]), 0));
    }

    @Test
    void aSegmentTooLongForThePathIsCutUnlessItsChecksumIsWrong() {
        byte[] packet = new TransportPackets.Flow().tcp(ACK, new byte[2000]);
        assertEquals(2, count(packet, packet.length, 1500));
        byte[] complete = TransportPackets.completed(packet);
        assertEquals(2, count(complete, packet.length, 1500));
        complete[1000]++;
        assertEquals(0, count(complete, packet.length, 1500));
        assertEquals(1, count(complete, packet.length, 2040), "what fits is not touched");
    }

    @Test
    void theSegmentsAreTheStreamAgainAndTheirChecksumsAreRight() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            TransportPackets.Flow flow = new TransportPackets.Flow();
            flow.ipv6 = random.nextBoolean();
            flow.sequence = random.nextInt();
            flow.identification = random.nextInt();
            flow.dontFragment = random.nextBoolean();
            flow.tcpOptions = new byte[4 * random.nextInt(11)];
            flow.ipOptions = new byte[4 * random.nextInt(11)];
            byte[] payload = new byte[random.nextInt(20_000)];
            random.nextBytes(payload);
            byte[] packet = flow.tcp(ACK | random.nextInt(2) * PSH, payload);
            int largest = 130 + random.nextInt(9_000);
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            int sequence = flow.sequence;
            for (byte[] segment : split(packet, 1 + random.nextInt(9_000), largest)) {
                int headers = packet.length - payload.length;
                assertTrue(segment.length <= largest, "seed " + seed);
                assertTrue(TransportPackets.isRight(TransportPackets.completed(segment)), "seed " + seed);
                assertEquals(sequence, new UnsafeBuffer(segment).getInt(TransportPackets.ipHeader(segment) + 4,
                    ByteOrder.BIG_ENDIAN), "seed " + seed);
                stream.write(segment, headers, segment.length - headers);
                sequence += segment.length - headers;
            }
            assertArrayEquals(payload, stream.toByteArray(), "seed " + seed);
        }
    }

    @Test
    void noOctetsMakeItReadBeyondTheirEnd() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 200_000; i++) {
            byte[] octets = new byte[random.nextInt(160)];
            random.nextBytes(octets);
            if (octets.length >= 40) {
                boolean four = random.nextBoolean();
                octets[0] = (byte) (four ? 0x45 + random.nextInt(4) : 0x60);
                octets[four ? 9 : 6] = 6;
                octets[four ? 2 : 4] = 0;
                octets[four ? 3 : 5] = (byte) (four ? octets.length : octets.length - 40);
                octets[6] = four ? 0x40 : octets[6];
                octets[7] = 0;
            }
            try {
                split(octets, random.nextInt(100), random.nextInt(200));
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", octets " + hex(octets), e);
            }
        }
    }

    private int count(byte[] packet, int segmentSize, int largest) {
        return splitter.wrap(direct(packet), 0, packet.length, segmentSize, largest);
    }

    private List<byte[]> split(byte[] packet, int segmentSize, int largest) {
        UnsafeBuffer source = new UnsafeBuffer(packet);
        int count = splitter.wrap(source, 0, packet.length, segmentSize, largest);
        List<byte[]> segments = new ArrayList<>(count);
        byte[] out = new byte[packet.length + 7];
        for (int i = 0; i < count; i++) {
            splitter.write(i, new UnsafeBuffer(out), 7);
            segments.add(Arrays.copyOfRange(out, 7, 7 + splitter.length(i)));
        }
        return segments;
    }
}
