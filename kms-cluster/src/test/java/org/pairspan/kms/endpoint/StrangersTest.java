package org.pairspan.kms.endpoint;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class StrangersTest {
    private static final InetAddress A = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress B = InetAddress.ofLiteral("192.0.2.2");
    private static final InetAddress C = InetAddress.ofLiteral("2001:db8::1");

    private final Strangers strangers = new Strangers(3, 2);

    @Test
    void oneAddressHasNoMoreThanItsShare() {
        assertTrue(strangers.admit(A));
        assertTrue(strangers.admit(A));
        assertFalse(strangers.admit(A));
        assertTrue(strangers.admit(B));
    }

    @Test
    void allAddressesOfAnIpv6NetworkHaveOneShare() {
        assertTrue(strangers.admit(C));
        assertTrue(strangers.admit(InetAddress.ofLiteral("2001:db8::2")));
        assertFalse(strangers.admit(InetAddress.ofLiteral("2001:db8::3")));
        strangers.leave(C);
        assertTrue(strangers.admit(InetAddress.ofLiteral("2001:db8::3")));
    }

    @Test
    void allTogetherHaveNoMoreThanTheirShare() {
        assertTrue(strangers.admit(A));
        assertTrue(strangers.admit(B));
        assertTrue(strangers.admit(C));
        assertFalse(strangers.admit(C));
    }

    @Test
    void whoLeavesMakesRoomForOneMore() {
        assertTrue(strangers.admit(A));
        assertTrue(strangers.admit(A));
        strangers.leave(A);
        assertTrue(strangers.admit(A));
        assertFalse(strangers.admit(A));
    }
}
