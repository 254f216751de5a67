package org.pairspan.node.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.pairspan.node.device.DeviceException;
import org.pairspan.node.device.PacketDevice;
import org.pairspan.protocol.address.IpPrefix;

class RouteClaimsTest {
    private static final IpPrefix SITE = IpPrefix.parse("10.3.0.0/16");
    private static final IpPrefix OTHER = IpPrefix.parse("10.4.0.0/16");

    private final Set<IpPrefix> kernel = new HashSet<>();
    private boolean refusing;
    private final RouteClaims claims = new RouteClaims(device());

    @Test
    void aPrefixThatMovesToAnotherPeerKeepsItsRoute() {
        claims.claim(1, "a", Set.of(SITE, OTHER));
        claims.claim(2, "b", Set.of(SITE));
        claims.claim(1, "a", Set.of(OTHER));
        assertEquals(Set.of(SITE, OTHER), kernel);

        claims.claim(2, "b", Set.of());
        assertEquals(Set.of(OTHER), kernel);
    }

    @Test
    void aRouteThatCouldNotBeSetIsTriedAgainWithTheNextGrant() {
        refusing = true;
        claims.claim(1, "a", Set.of(SITE));
        refusing = false;
        claims.claim(1, "a", Set.of(SITE));
        assertEquals(Set.of(SITE), kernel);
    }

    @Test
    void aRouteThatCouldNotBeTakenBackIsSetAgainWhenItIsClaimedAgain() {
        claims.claim(1, "a", Set.of(SITE));
        refusing = true;
        claims.claim(1, "a", Set.of());
        refusing = false;
        kernel.clear();
        claims.claim(2, "b", Set.of(SITE));
        assertEquals(Set.of(SITE), kernel);
    }

    /** Routes as the kernel has them, which sometimes refuses; nothing else is asked of it. */
    private PacketDevice device() {
        return (PacketDevice) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {PacketDevice.class}, (proxy, method, args) -> {
            if (refusing) {
                throw new DeviceException("refused");
            }
            return switch (method.getName()) {
                case "addRoute" -> { kernel.add((IpPrefix) args[0]); yield null; }
                case "removeRoute" -> { kernel.remove((IpPrefix) args[0]); yield null; }
                default -> throw new UnsupportedOperationException(method.getName());
            };
        });
    }

    /** Without them what a site sends there would leave in clear, and nothing would ever ask for a peer that comes back. */
    @Test
    void theRoutesOfAPeerThatIsGoneStayUntilSomebodyElseHasGivenThemUp() {
        claims.claim(1, "a", Set.of(SITE));
        claims.release(1);
        assertEquals(Set.of(SITE), kernel);
        claims.claim(2, "b", Set.of(SITE));
        claims.claim(2, "b", Set.of());
        assertEquals(Set.of(), kernel);
        claims.release(3);
    }
}
