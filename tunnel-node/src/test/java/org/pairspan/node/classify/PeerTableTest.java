package org.pairspan.node.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.address.IpPrefix;

class PeerTableTest {
    private final PeerTable table = new PeerTable();
    private final UnsafeBuffer packet = new UnsafeBuffer(new byte[64]);

    @Test
    void anEmptyTableKnowsNobody() {
        assertEquals(PeerTable.NONE, ofDestination("10.0.0.1"));
        assertEquals(PeerTable.NONE, ofDestination("2001:db8::1"));
    }

    @Test
    void theLongestPrefixDecides() {
        table.assign(1, List.of(IpPrefix.parse("10.0.0.0/8"), IpPrefix.parse("2001:db8::/32")));
        table.assign(2, List.of(IpPrefix.parse("10.2.0.0/16"), IpPrefix.parse("2001:db8:2::/48")));
        table.assign(3, List.of(IpPrefix.parse("10.2.0.7/32"), IpPrefix.parse("2001:db8:2::7/128")));
        assertEquals(1, ofDestination("10.1.255.255"));
        assertEquals(2, ofDestination("10.2.0.0"));
        assertEquals(2, ofDestination("10.2.0.6"));
        assertEquals(3, ofDestination("10.2.0.7"));
        assertEquals(2, ofDestination("10.2.0.8"));
        assertEquals(2, ofDestination("10.2.255.255"));
        assertEquals(1, ofDestination("10.3.0.0"));
        assertEquals(PeerTable.NONE, ofDestination("11.0.0.0"));
        assertEquals(PeerTable.NONE, ofDestination("9.255.255.255"));
        assertEquals(1, ofDestination("2001:db8:1:ffff:ffff:ffff:ffff:ffff"));
        assertEquals(3, ofDestination("2001:db8:2::7"));
        assertEquals(2, ofDestination("2001:db8:2::8"));
        assertEquals(PeerTable.NONE, ofDestination("2001:db9::"));
    }

    @Test
    void theTwoFamiliesDoNotMix() {
        table.assign(4, List.of(IpPrefix.parse("0.0.0.0/0")));
        assertEquals(4, ofDestination("0.0.0.0"));
        assertEquals(4, ofDestination("255.255.255.255"));
        assertEquals(PeerTable.NONE, ofDestination("::1"));
        table.assign(4, List.of(IpPrefix.parse("::/0")));
        assertEquals(PeerTable.NONE, ofDestination("10.0.0.1"));
        assertEquals(4, ofDestination("::1"));
        assertEquals(4, ofDestination("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
    }

    @Test
    void sourceAndDestinationAreLookedUpEachForItself() throws UnknownHostException {
        table.assign(1, List.of(IpPrefix.parse("10.1.0.0/16")));
        table.assign(2, List.of(IpPrefix.parse("10.2.0.0/16")));
        write("10.1.0.1", "10.2.0.1");
        assertEquals(1, table.ofSource(packet, 0));
        assertEquals(2, table.ofDestination(packet, 0));
    }

    @Test
    void anAssignmentReplacesThePeersFormerPrefixes() {
        table.assign(1, List.of(IpPrefix.parse("10.1.0.0/16"), IpPrefix.parse("10.9.0.0/16")));
        table.assign(1, List.of(IpPrefix.parse("10.3.0.0/16")));
        assertEquals(PeerTable.NONE, ofDestination("10.1.0.1"));
        assertEquals(1, ofDestination("10.3.0.1"));
        table.assign(2, List.of(IpPrefix.parse("10.3.0.0/16")));
        assertEquals(2, ofDestination("10.3.0.1"));
        table.withdraw(1);
        assertEquals(2, ofDestination("10.3.0.1"));
        table.withdraw(2);
        assertEquals(PeerTable.NONE, ofDestination("10.3.0.1"));
    }

    @Test
    void aNegativePeerIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> table.assign(PeerTable.NONE, List.of()));
    }

    @Test
    void ownPrefixesTellOursFromOthers() throws UnknownHostException {
        OwnPrefixes own = new OwnPrefixes(List.of(IpPrefix.parse("10.1.0.0/16"), IpPrefix.parse("2001:db8:1::/48")));
        write("10.1.0.1", "10.2.0.1");
        assertTrue(own.holdSource(packet, 0));
        assertFalse(own.holdDestination(packet, 0));
        write("2001:db8:2::1", "2001:db8:1::1");
        assertFalse(own.holdSource(packet, 0));
        assertTrue(own.holdDestination(packet, 0));
    }

    @Test
    void everyLookUpAgreesWithLookingAtAllPrefixes() throws UnknownHostException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            PeerTable tested = new PeerTable();
            Map<IpPrefix, Integer> oracle = new HashMap<>();
            for (int peer = 0; peer < random.nextInt(12); peer++) {
                List<IpPrefix> prefixes = new ArrayList<>();
                for (int i = random.nextInt(4); i >= 0; i--) {
                    prefixes.add(prefix(random));
                }
                int owner = peer;
                oracle.values().removeIf(value -> value == owner);
                prefixes.forEach(prefix -> oracle.put(prefix, owner));
                tested.assign(peer, prefixes);
            }
            for (int probe = 0; probe < 100; probe++) {
                byte[] address = address(random, random.nextBoolean() ? 4 : 16);
                write(address, address);
                assertEquals(naive(oracle, address), tested.ofDestination(packet, 0),
                    () -> "seed " + seed + ": " + oracle);
            }
        }
    }

    private static int naive(Map<IpPrefix, Integer> prefixes, byte[] address) {
        int longest = -1;
        int peer = PeerTable.NONE;
        for (Map.Entry<IpPrefix, Integer> entry : prefixes.entrySet()) {
            if (entry.getKey().length() > longest && entry.getKey().contains(address)) {
                longest = entry.getKey().length();
                peer = entry.getValue();
            }
        }
        return peer;
    }

    /** Few distinct octets, so that prefixes nest and probes hit; 0 and 255 touch both ends of the address space. */
    private static byte[] address(Random random, int length) {
        byte[] address = new byte[length];
        for (int i = 0; i < length; i++) {
            address[i] = (byte) (switch (random.nextInt(4)) {
                case 0 -> 0;
                case 1 -> 255;
                case 2 -> 128;
                default -> 1;
            });
        }
        return address;
    }

    private static IpPrefix prefix(Random random) {
        while (true) {
            byte[] address = address(random, random.nextBoolean() ? 4 : 16);
            int length = random.nextInt(address.length * Byte.SIZE + 1);
            for (int bit = length; bit < address.length * Byte.SIZE; bit++) {
                address[bit >>> 3] &= (byte) ~(0x80 >>> (bit & 7));
            }
            try {
                return IpPrefix.ofBytes(address, length);
            } catch (IllegalArgumentException ipv4Mapped) {
                continue;
            }
        }
    }

    private int ofDestination(String address) {
        try {
            write(address, address);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
        return table.ofDestination(packet, 0);
    }

    private void write(String source, String destination) throws UnknownHostException {
        write(InetAddress.getByName(source).getAddress(), InetAddress.getByName(destination).getAddress());
    }

    private void write(byte[] source, byte[] destination) {
        boolean ipv4 = source.length == 4;
        packet.putByte(0, (byte) (ipv4 ? 0x45 : 0x60));
        packet.putBytes(ipv4 ? 12 : 8, source);
        packet.putBytes(ipv4 ? 16 : 24, destination);
    }
}
