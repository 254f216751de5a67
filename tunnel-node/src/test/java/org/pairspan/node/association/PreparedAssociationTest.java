package org.pairspan.node.association;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pairspan.node.keyring.AssociationGrant;
import org.pairspan.protocol.association.KeySchedule;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.association.Spi;
import org.pairspan.protocol.association.TrafficKeys;
import org.pairspan.protocol.crypto.Suite;

/** What the steps of a key's update do to the associations with a peer. */
class PreparedAssociationTest {
    private static final Suite SUITE = Suite.AES_256_GCM;
    private static final int OWN = 2;
    private static final int PEER = 5;

    private final List<Long> activated = new ArrayList<>();
    private final SecurityAssociationDatabase database =
            new SecurityAssociationDatabase(SaLifetime.DEFAULT, grant -> activated.add(grant.generation()));
    private final PeerAssociations peer = database.install(grant(7, 1), 0);

    private static AssociationGrant grant(long generation, int version) {
        byte[] pairKey = new byte[KeySchedule.PAIR_KEY_LENGTH];
        return new AssociationGrant("a", OWN, "b", PEER, List.of(), new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
                version, generation, SUITE, keys(), keys(), KeySchedule.preSharedKey(SUITE, pairKey, "a", "b", version, generation));
    }

    private static TrafficKeys keys() {
        return KeySchedule.derive(SUITE, new byte[KeySchedule.PAIR_KEY_LENGTH], "a", "b", 1, 1);
    }

    private InboundEntry entry(long generation) {
        return database.inbound(Spi.of(PEER, generation, Spi.BOOTSTRAP_EPOCH));
    }

    @Test
    void whatIsPreparedOpensPacketsAndProtectsNone() {
        database.prepare(grant(8, 2), 10);
        assertNotNull(entry(8));
        assertEquals(7, peer.generation());
        assertEquals(7, peer.newestGeneration());
        assertNull(peer.candidate());
        assertEquals(1, peer.state().keyVersion());
        assertEquals(List.of(), activated);
    }

    @Test
    void onceActivatedItProtectsAndTheOldOneStillOpensUntilItIsRetired() {
        database.prepare(grant(8, 2), 10);
        assertTrue(database.activate(PEER, 8, 11));
        assertTrue(database.activate(PEER, 8, 12), "twice does nothing");
        assertEquals(List.of(8L), activated);
        assertEquals(8, peer.generation());
        assertEquals(2, peer.state().keyVersion());
        assertNotNull(entry(7));
        assertTrue(database.retire(PEER, 8));
        assertNull(entry(7));
        assertNotNull(entry(8));
    }

    @Test
    void aPacketOfThePeerUnderItActivatesIt() {
        database.prepare(grant(8, 2), 10);
        database.onAuthentic(entry(7), 100, 11);
        assertEquals(7, peer.generation());
        database.onAuthentic(entry(8), 100, 12);
        assertEquals(8, peer.generation());
        assertEquals(List.of(8L), activated);
    }

    @Test
    void rolledBackItOpensNothingAndTheOneInUseStays() {
        database.prepare(grant(8, 2), 10);
        database.rollBack(PEER, 8);
        assertNull(entry(8));
        assertEquals(7, peer.generation());
        assertFalse(database.activate(PEER, 8, 11));
        assertFalse(database.retire(PEER, 8));
        assertNotNull(entry(7));
    }

    @Test
    void aNewerGenerationTakesItsPlaceAndAnOlderOneDoesNot() {
        database.prepare(grant(9, 2), 10);
        database.install(grant(8, 1), 11);
        assertNotNull(entry(9));
        database.install(grant(10, 1), 12);
        assertNull(entry(9));
        database.prepare(grant(11, 3), 13);
        database.prepare(grant(12, 4), 14);
        assertNull(entry(11));
        assertNotNull(entry(12));
    }

    @Test
    void anActivationEndsACandidateWhoseKeysThePeerMayStillUse() {
        database.install(grant(8, 1), 9);
        database.prepare(grant(9, 2), 10);
        assertTrue(database.activate(PEER, 9, 11));
        assertNull(peer.candidate());
        assertEquals(9, peer.generation());
        assertNotNull(entry(8));
    }

    @Test
    void whatIsClosedOpensAndProtectsNothing() {
        database.prepare(grant(8, 2), 10);
        database.close(PEER);
        assertNull(entry(7));
        assertNull(entry(8));
        assertNull(peer.outbound());
        assertEquals(0, peer.generation());
        assertFalse(database.activate(PEER, 8, 11));
        database.close(99);
    }
}
