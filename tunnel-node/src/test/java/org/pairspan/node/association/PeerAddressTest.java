package org.pairspan.node.association;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.pairspan.node.posix.SocketName;

class PeerAddressTest {
    private static final InetSocketAddress ADVERTISED = new InetSocketAddress("192.0.2.1", 4710);
    private static final InetSocketAddress OBSERVED = new InetSocketAddress("198.51.100.7", 50_000);

    private final PeerAddress address = new PeerAddress();
    private final UnsafeBuffer source = new UnsafeBuffer(new byte[64]);

    private void learn(InetSocketAddress from, int family) {
        int length = SocketName.put(source, 8, from, family);
        address.learn(source, 8, length);
    }

    private InetSocketAddress name(int family) {
        int length = address.nameLength(family);
        return SocketName.get(new UnsafeBuffer(address.nameAddress(), length), 0, length);
    }

    @Test
    void theAdvertisedAddressHoldsUntilThePeerIsHeardFromElsewhere() {
        address.advertise(ADVERTISED, false);
        assertEquals(ADVERTISED, address.current());
        assertEquals(ADVERTISED, name(SocketName.AF_INET));
        learn(OBSERVED, SocketName.AF_INET);
        assertEquals(OBSERVED, address.current());
        assertEquals(OBSERVED, name(SocketName.AF_INET));
        address.advertise(ADVERTISED, false);
        assertEquals(OBSERVED, address.current(), "the same word once more changes nothing");
    }

    @Test
    void aNewWordOfTheKeyServiceMovesItBack() {
        address.advertise(ADVERTISED, false);
        learn(OBSERVED, SocketName.AF_INET);
        InetSocketAddress moved = new InetSocketAddress("192.0.2.2", 4711);
        address.advertise(moved, false);
        assertEquals(moved, name(SocketName.AF_INET));
        learn(OBSERVED, SocketName.AF_INET);
        assertEquals(OBSERVED, name(SocketName.AF_INET));
    }

    @Test
    void aPeerThatIsSilentIsLookedForWhereTheKeyServiceSays() {
        address.advertise(ADVERTISED, false);
        learn(OBSERVED, SocketName.AF_INET);
        address.advertise(ADVERTISED, true);
        assertEquals(ADVERTISED, name(SocketName.AF_INET));
        learn(OBSERVED, SocketName.AF_INET);
        assertEquals(OBSERVED, name(SocketName.AF_INET));
    }

    @Test
    void theSameSourceMakesNoNewObject() {
        address.advertise(ADVERTISED, false);
        learn(OBSERVED, SocketName.AF_INET);
        InetSocketAddress before = address.current();
        assertEquals(2, address.moves());
        learn(OBSERVED, SocketName.AF_INET);
        assertSame(before, address.current());
        assertEquals(2, address.moves());
    }

    @Test
    void anIpv6SocketSpeaksBothVersionsAndAnIpv4SocketOne() {
        address.advertise(ADVERTISED, false);
        assertFalse(address.isIpv6());
        assertEquals(SocketName.IPV6_LENGTH, address.nameLength(SocketName.AF_INET6));
        learn(OBSERVED, SocketName.AF_INET6);
        assertFalse(address.isIpv6());
        address.advertise(new InetSocketAddress("2001:db8::1", 4710), false);
        assertTrue(address.isIpv6());
        assertEquals(PeerAddress.UNREACHABLE, address.nameLength(SocketName.AF_INET));
        assertEquals(SocketName.IPV6_LENGTH, address.nameLength(SocketName.AF_INET6));
    }

    @Test
    void aNameThatIsNoneIsPassedOver() {
        address.advertise(ADVERTISED, false);
        source.setMemory(0, 64, (byte) 0x77);
        address.learn(source, 0, 28);
        address.learn(source, 0, 0);
        assertEquals(ADVERTISED, address.current());
    }
}
