package org.pairspan.node.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.address.IpPrefix;

class InMemoryDeviceTest {
    private final InMemoryDevice device = new InMemoryDevice("memory", 1400);
    private final UnsafeBuffer out = new UnsafeBuffer(new byte[1400]);
    private final UnsafeBuffer in = new UnsafeBuffer(ByteBuffer.allocateDirect(PacketDevice.LONGEST_READ));

    @Test
    void anInjectedPacketIsReadBehindAnEmptyOffloadHeader() {
        out.putLong(0, 0x4500_1122_3344_5566L);
        assertTrue(device.inject(out, 0, 100));
        in.setMemory(0, 200, (byte) -1);
        assertEquals(OffloadHeader.LENGTH + 100, device.read(in, 0, in.capacity()));
        assertEquals(0, OffloadHeader.flags(in, 0));
        assertEquals(OffloadHeader.TYPE_NONE, OffloadHeader.type(in, 0));
        assertEquals(0x4500_1122_3344_5566L, in.getLong(OffloadHeader.LENGTH));
        assertEquals(0, device.read(in, 0, in.capacity()));
    }

    @Test
    void aWrittenPacketIsTakenWithoutItsOffloadHeader() {
        in.putLong(OffloadHeader.LENGTH, 42);
        assertTrue(device.write(in, 0, OffloadHeader.LENGTH + 60_000));
        UnsafeBuffer taken = new UnsafeBuffer(new byte[PacketDevice.LONGEST_PACKET]);
        assertEquals(60_000, device.take(taken, 0, taken.capacity()));
        assertEquals(42, taken.getLong(0));
        assertEquals(0, device.take(taken, 0, taken.capacity()));
    }

    @Test
    void aFullQueueRefusesAndTakesAgainOnceThereIsRoom() {
        int injected = 0;
        while (device.inject(out, 0, 1400)) {
            injected++;
        }
        assertTrue(injected > 500);
        for (int i = 0; i < injected; i++) {
            assertEquals(OffloadHeader.LENGTH + 1400, device.read(in, 0, in.capacity()));
        }
        assertEquals(0, device.read(in, 0, in.capacity()));
        assertTrue(device.inject(out, 0, 1400));

        int written = 0;
        while (device.write(in, 0, PacketDevice.LONGEST_READ)) {
            written++;
        }
        assertTrue(written > 10);
        for (int i = 0; i < written; i++) {
            assertEquals(PacketDevice.LONGEST_PACKET, device.take(in, 0, in.capacity()));
        }
        assertTrue(device.write(in, 0, PacketDevice.LONGEST_READ));
    }

    @Test
    void everyPacketComesOnceAndInOrder() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int sent = 0;
        int received = 0;
        while (received < 20_000) {
            out.putInt(0, sent);
            if (random.nextBoolean() && device.inject(out, 0, 20 + random.nextInt(1380))) {
                sent++;
            }
            if (random.nextBoolean() && device.read(in, 0, in.capacity()) > 0) {
                assertEquals(received++, in.getInt(OffloadHeader.LENGTH), "seed " + seed);
            }
        }
    }

    @Test
    void whatNoKernelWouldTakeIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> device.inject(new UnsafeBuffer(new byte[1401]), 0, 1401));
        assertFalse(device.write(in, 0, OffloadHeader.LENGTH));
        UnsafeBuffer large = new UnsafeBuffer(new byte[1 << 20]);
        assertFalse(device.write(large, 0, large.capacity()));
    }

    @Test
    void routesAreRemembered() {
        IpPrefix prefix = IpPrefix.parse("10.2.0.0/16");
        device.addRoute(prefix);
        device.addRoute(prefix);
        assertEquals(Set.of(prefix), device.routes());
        device.removeRoute(prefix);
        device.removeRoute(prefix);
        assertEquals(Set.of(), device.routes());
    }
}
