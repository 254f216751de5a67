package org.pairspan.node.pipeline;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class UnknownAddressesTest {
    private static final long NOW_NS = Long.MAX_VALUE - 1;

    private final UnknownAddresses unknown = new UnknownAddresses();

    @Test
    void anAddressIsKnownToBeNobodysForItsTime() {
        byte[] ipv4 = {10, 2, 0, 1};
        byte[] ipv6 = {0x20, 1, 0xd, (byte) 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
        for (byte[] address : new byte[][] {ipv4, ipv6}) {
            unknown.add(address, NOW_NS + 100);
            assertTrue(contains(address, NOW_NS + 99));
            assertFalse(contains(address, NOW_NS + 100));
            unknown.add(address, NOW_NS + 300);
            assertTrue(contains(address, NOW_NS + 200));
            address[address.length - 1]++;
            assertFalse(contains(address, NOW_NS));
        }
    }

    @Test
    void aScanDisplacesOthersButNeverBeyondItsRoom() {
        for (int i = 0; i < 10 * UnknownAddresses.CAPACITY; i++) {
            byte[] address = ByteBuffer.allocate(4).putInt(i).array();
            unknown.add(address, NOW_NS + i);
            assertTrue(contains(address, NOW_NS - 1), "what was said last is always there");
        }
        int left = 0;
        for (int i = 0; i < 10 * UnknownAddresses.CAPACITY; i++) {
            left += contains(ByteBuffer.allocate(4).putInt(i).array(), NOW_NS - 1) ? 1 : 0;
        }
        assertTrue(left > UnknownAddresses.CAPACITY / 2 && left <= UnknownAddresses.CAPACITY, left + " addresses");
    }

    private boolean contains(byte[] address, long nowNs) {
        UnsafeBuffer packet = new UnsafeBuffer(new byte[40]);
        packet.putByte(0, (byte) (address.length == 4 ? 0x45 : 0x60));
        packet.putBytes(address.length == 4 ? 16 : 24, address);
        return unknown.containsDestination(packet, 0, nowNs);
    }
}
