package org.pairspan.node.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.address.IpPrefix;

class RouteClaimsTest {
    private static final IpPrefix SITE = IpPrefix.parse("10.3.0.0/16");
    private static final IpPrefix OTHER = IpPrefix.parse("10.4.0.0/16");

    private final KernelRoutes kernel = new KernelRoutes();
    private final RouteClaims claims = new RouteClaims(kernel.device());

    @Test
    void aPrefixThatMovesToAnotherPeerKeepsItsRoute() {
        claims.claim(1, "a", Set.of(SITE, OTHER));
        claims.claim(2, "b", Set.of(SITE));
        claims.claim(1, "a", Set.of(OTHER));
        assertEquals(Set.of(SITE, OTHER), kernel.routes);

        claims.claim(2, "b", Set.of());
        assertEquals(Set.of(OTHER), kernel.routes);
    }

    @Test
    void aRouteThatCouldNotBeSetIsTriedAgainWithTheNextGrant() {
        kernel.refusing = true;
        claims.claim(1, "a", Set.of(SITE));
        kernel.refusing = false;
        claims.claim(1, "a", Set.of(SITE));
        assertEquals(Set.of(SITE), kernel.routes);
    }

    @Test
    void aRouteThatCouldNotBeTakenBackIsSetAgainWhenItIsClaimedAgain() {
        claims.claim(1, "a", Set.of(SITE));
        kernel.refusing = true;
        claims.claim(1, "a", Set.of());
        kernel.refusing = false;
        kernel.routes.clear();
        claims.claim(2, "b", Set.of(SITE));
        assertEquals(Set.of(SITE), kernel.routes);
    }
}
