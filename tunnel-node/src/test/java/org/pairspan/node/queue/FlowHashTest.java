package org.pairspan.node.queue;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class FlowHashTest {
    private final FlowHash hash = new FlowHash(1, 2);

    private int of(UnsafeBuffer packet) {
        return hash.of(packet, 0, packet.capacity());
    }

    @Test
    void portsPartFlowsAndContentDoesNot() {
        assertEquals(of(Packets.udp(1, 100, 1, 0)), of(Packets.udp(1, 900, 2, 2)));
        assertNotEquals(of(Packets.udp(1, 100, 1, 0)), of(Packets.udp(2, 100, 1, 0)));
    }

    @Test
    void fragmentsOfAPacketAreOneFlowWhateverTheyCarry() {
        UnsafeBuffer first = Packets.udp(1, 100, 1, 0);
        UnsafeBuffer second = Packets.udp(2, 100, 1, 0);
        first.putByte(6, (byte) 0x20);
        second.putByte(7, (byte) 10);
        assertEquals(of(first), of(second));
    }

    @Test
    void anotherKeyGivesOtherNumbers() {
        UnsafeBuffer packet = Packets.udp(1, 100, 1, 0);
        assertNotEquals(of(packet), new FlowHash(1, 3).of(packet, 0, 100));
        assertNotEquals(of(packet), new FlowHash(3, 2).of(packet, 0, 100));
    }

    @Test
    void manyFlowsSpreadOverTheQueues() {
        Set<Integer> used = new HashSet<>();
        for (int port = 0; port < 2560; port++) {
            used.add(of(Packets.udp(port, 40, 0, 0)) & 255);
        }
        assertEquals(256, used.size(), 3);
    }

    @Test
    void anyWellFormedLengthIsReadWithinItsBounds() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 100_000; i++) {
            boolean ipv4 = random.nextBoolean();
            byte[] packet = new byte[random.nextInt(ipv4 ? 20 : 40, 90)];
            random.nextBytes(packet);
            int words = Math.min(15, packet.length / 4);
            packet[0] = (byte) (ipv4 ? 0x40 | random.nextInt(5, words + 1) : 0x60);
            assertDoesNotThrow(() -> of(new UnsafeBuffer(packet)), () -> "seed " + seed);
        }
    }
}
