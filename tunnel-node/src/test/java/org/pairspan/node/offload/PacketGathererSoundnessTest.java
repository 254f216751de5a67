package org.pairspan.node.offload;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pairspan.node.offload.TransportPackets.ACK;
import static org.pairspan.node.offload.TransportPackets.direct;

import java.nio.ByteBuffer;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Nothing wrong with a packet is covered up, and no octets lead astray. */
class PacketGathererSoundnessTest extends GathererFixture {
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
}
