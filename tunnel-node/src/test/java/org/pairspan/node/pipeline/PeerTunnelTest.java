package org.pairspan.node.pipeline;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pairspan.node.association.SecurityAssociationDatabase;
import org.pairspan.node.keyring.AssociationGrant;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.association.KeySchedule;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.crypto.Suite;

class PeerTunnelTest {
    private static final long START_NS = -5;

    private final PeerTunnel tunnel = tunnel();

    private static PeerTunnel tunnel() {
        Suite suite = Suite.AES_256_GCM;
        AssociationGrant grant = new AssociationGrant("a", 1, "b", 2, List.of(IpPrefix.parse("10.2.0.0/16")),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 4710), 1, 1, suite,
                KeySchedule.derive(suite, new byte[32], "a", "b", 1, 1), KeySchedule.derive(suite, new byte[32], "b", "a", 1, 1),
                KeySchedule.preSharedKey(suite, new byte[32], "a", "b", 1, 1));
        return new PeerTunnel(new SecurityAssociationDatabase(SaLifetime.DEFAULT).install(grant, START_NS), null, grant, START_NS);
    }

    @Test
    void aPeerThatStaysAwayIsSearchedForNowAndThen() {
        assertFalse(tunnel.searchDue(START_NS));
        long due = START_NS + PeerTunnel.SEARCH_AFTER_NS;
        assertFalse(tunnel.searchDue(due - 1));
        assertTrue(tunnel.searchDue(due));
        assertFalse(tunnel.searchDue(due + PeerTunnel.SEARCH_INTERVAL_NS - 1));
        assertTrue(tunnel.searchDue(due + PeerTunnel.SEARCH_INTERVAL_NS));
    }

    @Test
    void aPeerThatWasHeardInBetweenHasAllItsTimeAgain() {
        assertFalse(tunnel.searchDue(START_NS));
        tunnel.onSent(100);
        assertFalse(tunnel.searchDue(START_NS + PeerTunnel.SEARCH_AFTER_NS));
    }
}
