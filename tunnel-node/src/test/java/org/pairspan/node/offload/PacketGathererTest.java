package org.pairspan.node.offload;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pairspan.node.offload.TransportPackets.ACK;
import static org.pairspan.node.offload.TransportPackets.CWR;
import static org.pairspan.node.offload.TransportPackets.FIN;
import static org.pairspan.node.offload.TransportPackets.PSH;
import static org.pairspan.node.offload.TransportPackets.direct;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.wire.DropCounters;
import org.pairspan.protocol.wire.DropReason;

class PacketGathererTest {
    private final KernelModel kernel = new KernelModel();
    private final DropCounters drops = new DropCounters();
    private final PacketGatherer gatherer = new PacketGatherer(kernel, drops);
    /** The gatherer keeps addresses only. */
    private final List<UnsafeBuffer> kept = new ArrayList<>();
    private final TransportPackets.Flow flow = new TransportPackets.Flow();

    @Test
    void consecutiveSegmentsOfAConnectionAreOneFrame() {
        flow.tcpOptions = TransportPackets.hex("0101080a0000000100000002");
        segments(10, 1000);
        assertFrames(1, 10);
    }

    @Test
    void consecutiveDatagramsOfAFlowAreOneFrame() {
        flow.six();
        for (int i = 0; i < 10; i++) {
            add(flow.udp(new byte[36]), true);
        }
        add(flow.udp(new byte[35]), true);
        add(flow.udp(new byte[36]), true);
        assertFrames(2, 12);
    }

    @Test
    void aRunEndsAtSixtyFourPiecesAndAtTheLongestPacket() {
        segments(65, 100);
        assertFrames(2, 65);
        segments(8, 9000);
        assertFrames(2, 8);
    }

    @Test
    void aShorterSegmentAndPushEndARun() {
        add(data(ACK, 1000), true);
        add(data(ACK, 999), true);
        add(data(ACK, 999), true);
        assertFrames(2, 3);
        add(data(ACK, 1000), true);
        add(data(ACK | PSH, 1000), true);
        add(data(ACK, 1000), true);
        add(data(ACK | FIN | PSH, 1000), true);
        assertFrames(2, 4);
    }

    @Test
    void aLargerSegmentBeginsAnotherRun() {
        add(data(ACK, 500), true);
        add(data(ACK, 501), true);
        assertFrames(2, 2);
    }

    @Test
    void onlyTheFirstOfARunMayTellThatTheWindowWasReduced() {
        add(data(ACK | CWR, 1000), true);
        add(data(ACK, 1000), true);
        add(data(ACK | CWR, 1000), true);
        assertFrames(2, 3);
    }

    @Test
    void whatDiffersInTheHeadersIsNotPutTogether() {
        apart(() -> flow.sequence++);
        apart(() -> flow.acknowledgement++);
        apart(() -> flow.window++);
        apart(() -> flow.tos = 3);
        apart(() -> flow.ttl--);
        apart(() -> flow.port++);
        apart(() -> flow.host++);
        apart(() -> flow.tcpOptions = TransportPackets.hex("0101080a0000000100000003"));
        apart(() -> flow.ipOptions = TransportPackets.hex("94040000"));
        apart(() -> flow.ipv6 = true);
        apart(() -> flow.ttl--);
        apart(() -> flow.tos = 1);
    }

    @Test
    void identificationsCountOnUnlessThePacketIsAtomic() {
        flow.dontFragment = false;
        add(data(ACK, 1000), true);
        flow.identification++;
        add(data(ACK, 1000), true);
        add(data(ACK, 1000), true);
        assertFrames(2, 3);
        flow.dontFragment = true;
        add(data(ACK, 1000), true);
        flow.identification += 7;
        add(data(ACK, 1000), true);
        assertFrames(1, 2);
    }

    @Test
    void completeChecksumsAreGatheredWhereTheyAreRightAndKeptWhereTheyAreWrong() {
        for (int i = 0; i < 4; i++) {
            add(TransportPackets.completed(data(ACK, 1000)), false);
        }
        add(data(ACK, 1000), true);
        assertFrames(1, 5);
        byte[] damaged = TransportPackets.completed(data(ACK, 1000));
        damaged[700]++;
        add(damaged, false);
        add(data(ACK, 1000), true);
        gatherer.flush();
        assertEquals(2, kernel.frames);
        assertArrayEquals(damaged, kernel.packets.getFirst());
    }

    @Test
    void aWrongHeaderChecksumIsNotCoveredUp() {
        for (int i = 0; i < 3; i++) {
            byte[] packet = data(ACK, 1000);
            packet[11] ^= (byte) (i == 1 ? 1 : 0);
            add(packet, true);
        }
        gatherer.flush();
        assertEquals(3, kernel.frames);
        assertTrue(TransportPackets.isRight(kernel.packets.get(0)));
        assertFalse(TransportPackets.isRight(kernel.packets.get(1)));
        assertTrue(TransportPackets.isRight(kernel.packets.get(2)));
    }

    @Test
    void aDatagramWithoutAChecksumGetsNone() {
        byte[] packet = flow.udp(new byte[100]);
        packet[26] = 0;
        packet[27] = 0;
        add(packet, false);
        add(packet, false);
        gatherer.flush();
        assertEquals(2, kernel.frames);
        assertArrayEquals(packet, kernel.packets.get(1));
    }

    @Test
    void nothingOvertakesItsOwnFlow() {
        add(data(ACK, 1000), true);
        add(flow.tcp(ACK, new byte[0]), true);
        add(data(ACK, 1000), true);
        byte[] fragment = flow.udp(new byte[100]);
        fragment[7] = 9;
        add(fragment, false);
        assertEquals(4, kernel.frames);
        assertArrayEquals(fragment, kernel.packets.getLast());
    }

    @Test
    void eightFlowsAreOpenAtATimeAndTheOldestMakesRoom() {
        for (int round = 0; round < 3; round++) {
            for (int host = 1; host <= 8; host++) {
                flow.host = host;
                add(flow.udp(new byte[100]), true);
            }
        }
        assertEquals(0, kernel.frames);
        flow.host = 9;
        add(flow.udp(new byte[100]), true);
        assertEquals(1, kernel.frames);
        assertEquals(1, kernel.packets.getFirst()[15], "host 1");
        assertFrames(9, 25);
    }

    @Test
    void whatTheDeviceRefusesIsCountedByThePacket() {
        kernel.refuses = true;
        segments(5, 1000);
        add(flow.tcp(ACK, new byte[0]), true);
        assertEquals(6, drops.get(DropReason.DEVICE_REFUSED));
        gatherer.flush();
        assertEquals(6, drops.total());
    }

    @Test
    void onlyPlainTransportCanLackItsChecksum() {
        byte[] icmp = flow.udp(new byte[100]);
        icmp[9] = 1;
        add(icmp, true);
        assertEquals(1, drops.get(DropReason.OFFLOAD_HEADER));
        add(icmp, false);
        assertFrames(1, 1);
    }

    @Test
    void aSuperPacketGoesBehindWhatCameBefore() {
        add(data(ACK, 1000), true);
        byte[] large = data(ACK | PSH, 30_000);
        gatherer.addSuper(direct(large), 0, large.length, 1000);
        assertFrames(2, 31);
        byte[] datagram = flow.udp(new byte[2000]);
        gatherer.addSuper(direct(datagram), 0, datagram.length, 1000);
        assertEquals(1, drops.get(DropReason.OFFLOAD_HEADER), "only TCP can be a super-packet");
    }

    @Test
    void theBufferObjectMayBeUsedAnewBeforeTheFlush() {
        UnsafeBuffer reused = new UnsafeBuffer(0, 0);
        for (int i = 0; i < 2; i++) {
            byte[] packet = data(ACK, 1000);
            UnsafeBuffer memory = direct(packet);
            kept.add(memory);
            reused.wrap(memory);
            gatherer.add(reused, 0, packet.length, true);
        }
        assertFrames(1, 2);
    }

    @Test
    void aSumOfThePseudoHeaderThatThePeerInventedIsNotBuiltUpon() {
        byte[] packet = data(ACK, 1000);
        packet[36]++;
        add(packet, true);
        byte[] acknowledgement = flow.tcp(ACK, new byte[0]);
        acknowledgement[37]++;
        add(acknowledgement, true);
        byte[] large = data(ACK, 3000);
        large[36]++;
        gatherer.addSuper(direct(large), 0, large.length, 1000);
        assertFrames(3, 5);
    }

    /** The model of the kernel takes offence at any frame that is not well-formed. */
    @Test
    void noOctetsMakeItReadBeyondTheirEndOrWriteWhatTheKernelWouldRefuse() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(64 * 200));
        for (int i = 0; i < 200_000; i++) {
            byte[] octets = octets(random);
            int at = i % 64 * 200;
            if (i % 64 == 0) {
                gatherer.flush();
                kernel.packets.clear();
            }
            memory.putBytes(at, octets);
            try {
                if (random.nextInt(4) == 0) {
                    gatherer.addSuper(memory, at, octets.length, random.nextInt(100));
                } else {
                    gatherer.add(memory, at, octets.length, random.nextBoolean());
                }
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ", octets " + TransportPackets.hex(octets), e);
            }
        }
    }

    /** Garbage, or packets of one flow in which one octet may be wrong. */
    private byte[] octets(Random random) {
        if (random.nextInt(3) == 0) {
            byte[] octets = new byte[1 + random.nextInt(120)];
            random.nextBytes(octets);
            return octets;
        }
        flow.ipv6 = random.nextInt(10) == 0;
        byte[] packet = random.nextBoolean() ? data(ACK | random.nextInt(256), random.nextInt(30)) : flow.udp(new byte[random.nextInt(9)]);
        if (random.nextInt(3) == 0) {
            packet[random.nextInt(packet.length)] = (byte) random.nextInt();
        }
        return packet;
    }

    private void apart(Runnable change) {
        add(data(ACK, 1000), true);
        change.run();
        add(data(ACK, 1000), true);
        gatherer.flush();
        assertEquals(2, kernel.frames);
        kernel.frames = 0;
    }

    private void segments(int count, int size) {
        for (int i = 0; i < count; i++) {
            add(data(ACK, size), true);
        }
        gatherer.flush();
    }

    private byte[] data(int flags, int size) {
        byte[] packet = flow.tcp(flags, new byte[size]);
        flow.sequence += size;
        return packet;
    }

    private void add(byte[] packet, boolean needsChecksum) {
        UnsafeBuffer buffer = direct(packet);
        kept.add(buffer);
        gatherer.add(buffer, 0, packet.length, needsChecksum);
    }

    private void assertFrames(int frames, int packets) {
        gatherer.flush();
        assertEquals(frames, kernel.frames);
        assertEquals(packets, kernel.packets.size());
        for (byte[] packet : kernel.packets) {
            assertTrue(TransportPackets.protocol(packet) == 1 || TransportPackets.isRight(packet));
        }
        kernel.frames = 0;
        kernel.packets.clear();
    }
}
