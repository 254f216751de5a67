package org.pairspan.node.association;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pairspan.node.keyring.AssociationGrant;
import org.pairspan.protocol.association.KeySchedule;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.association.Spi;
import org.pairspan.protocol.association.TrafficKeys;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.handshake.EpochKeys;
import org.pairspan.protocol.handshake.KeyExchange;
import org.pairspan.protocol.keyupdate.KeyUpdate;

class SecurityAssociationDatabaseTest {
    private static final Suite SUITE = Suite.AES_256_GCM;
    private static final int OWN = 2;
    private static final int PEER = 5;
    private static final int BYTES = 100;

    private final SecurityAssociationDatabase database = new SecurityAssociationDatabase(SaLifetime.DEFAULT, grant -> { });
    private final PeerAssociations peer = install(7, 0);
    private TrafficKeys lastOutbound;

    private PeerAssociations install(long generation, long nowNs) {
        byte[] pairKey = new byte[KeySchedule.PAIR_KEY_LENGTH];
        return database.install(new AssociationGrant("a", OWN, "b", PEER, List.of(), new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
                1, generation, SUITE, keys(), keys(), KeySchedule.preSharedKey(SUITE, pairKey, "a", "b", 1, generation)), nowNs);
    }

    private boolean exchange(long generation, int epoch, long nowNs) {
        lastOutbound = keys();
        return database.installEpoch(PEER, generation, new EpochKeys(epoch, KeyExchange.X25519, lastOutbound, keys()), nowNs);
    }

    private static TrafficKeys keys() {
        return KeySchedule.derive(SUITE, new byte[KeySchedule.PAIR_KEY_LENGTH], "a", "b", 1, 1);
    }

    private InboundEntry entry(long generation, int epoch) {
        return database.inbound(Spi.of(PEER, generation, epoch));
    }

    private void packetUnder(long generation, int epoch, long nowNs) {
        database.onAuthentic(entry(generation, epoch), BYTES, nowNs);
    }

    @Test
    void aNewEpochOpensAtOnceAndProtectsOnceThePeerHasUsedIt() {
        assertTrue(exchange(7, 1, 10));
        assertNotNull(entry(7, 1));
        assertEquals(0, peer.epoch());
        assertNull(peer.state().keyExchange());
        assertEquals(1, peer.newestEpoch());
        packetUnder(7, 0, 11);
        assertEquals(0, peer.epoch());
        packetUnder(7, 1, 12);
        assertEquals(1, peer.epoch());
        assertEquals(Spi.of(OWN, 7, 1), peer.outbound().spi());
        assertEquals(1, peer.state().epoch());
        assertEquals(KeyExchange.X25519, peer.state().keyExchange());
        assertNotNull(entry(7, 0), "what is on its way is still opened");
        database.expire(12 + InboundTable.GRACE_NS - 1);
        assertNotNull(entry(7, 0));
        database.expire(12 + InboundTable.GRACE_NS);
        assertNull(entry(7, 0));
        assertNotNull(entry(7, 1));
    }

    @Test
    void keysThatComeTooLateAreWiped() {
        assertTrue(exchange(7, 2, 10));
        assertFalse(exchange(7, 2, 11), "again");
        assertFalse(exchange(7, 1, 11), "an epoch that is past");
        install(8, 12);
        assertFalse(exchange(7, 3, 13), "a generation that has a successor");
        assertFalse(exchange(9, 1, 13), "a generation that is not there");
        assertThrows(IllegalStateException.class, lastOutbound::aeadKey);
        assertFalse(database.installEpoch(PEER + 1, 8, new EpochKeys(1, KeyExchange.X25519, keys(), keys()), 13), "no such peer");
    }

    @Test
    void keysThatWerePassedOverComeIntoUseAllTheSameWhereThePeerUsesThem() {
        exchange(7, 1, 10);
        TrafficKeys first = lastOutbound;
        exchange(7, 2, 11);
        database.expire(12 + 2 * InboundTable.GRACE_NS);
        packetUnder(7, 1, 13 + 2 * InboundTable.GRACE_NS);
        assertEquals(1, peer.epoch());
        assertEquals(1, peer.state().epoch());
        assertEquals(Spi.of(OWN, 7, 1), peer.outbound().spi());
        assertEquals(2, peer.newestEpoch(), "the candidate stays");
        packetUnder(7, 0, 14 + 2 * InboundTable.GRACE_NS);
        assertEquals(1, peer.epoch(), "what is older does not come back");
        packetUnder(7, 2, 15 + 2 * InboundTable.GRACE_NS);
        assertEquals(2, peer.epoch());
        assertThrows(IllegalStateException.class, first::aeadKey);
        packetUnder(7, 1, 16 + 2 * InboundTable.GRACE_NS);
        assertEquals(2, peer.epoch());
        database.expire(15 + 3 * InboundTable.GRACE_NS);
        assertNull(entry(7, 1));
    }

    @Test
    void keysThatWerePassedOverAreWipedWithAllOthers() {
        exchange(7, 1, 10);
        TrafficKeys first = lastOutbound;
        exchange(7, 2, 11);
        TrafficKeys second = lastOutbound;
        exchange(7, 3, 12);
        packetUnder(7, 2, 13);
        assertThrows(IllegalStateException.class, first::aeadKey, "newer ones are in use");
        assertNotNull(second.aeadKey());
        exchange(7, 4, 14);
        TrafficKeys third = lastOutbound;
        exchange(7, 5, 15);
        database.close(PEER);
        assertThrows(IllegalStateException.class, second::aeadKey);
        assertThrows(IllegalStateException.class, third::aeadKey);
        assertTrue(peer.inbound.isEmpty());
    }

    @Test
    void theGenerationInUseGetsEpochsWhereThePeerDoesNotUseItsSuccessorForLong() {
        install(8, 100);
        long overdueNs = 100 + KeyUpdate.SUCCESSOR_PATIENCE_NS;
        assertFalse(exchange(7, 1, overdueNs - 1));
        assertTrue(exchange(7, 1, overdueNs));
        packetUnder(7, 1, overdueNs + 1);
        assertEquals(7, peer.generation());
        assertEquals(1, peer.epoch());
        assertEquals(8, peer.latestGeneration(), "and nothing below it is worth a question");
        assertTrue(exchange(7, 2, overdueNs + 2));
        TrafficKeys older = lastOutbound;
        packetUnder(8, 0, overdueNs + 3);
        assertEquals(8, peer.generation());
        assertEquals(8, peer.newestGeneration());
        assertThrows(IllegalStateException.class, older::aeadKey);
        packetUnder(7, 2, overdueNs + 4);
        assertEquals(8, peer.generation(), "what is older does not come back");
        assertTrue(exchange(8, 1, overdueNs + 5));
    }

    @Test
    void aNewGenerationReplacesEveryEpochOfTheOld() {
        exchange(7, 1, 10);
        packetUnder(7, 1, 11);
        exchange(7, 2, 12);
        install(8, 13);
        assertEquals(7, peer.generation());
        assertEquals(1, peer.epoch());
        packetUnder(8, 0, 14);
        assertEquals(8, peer.generation());
        assertEquals(0, peer.epoch());
        packetUnder(7, 2, 15);
        assertEquals(8, peer.generation(), "the overlooked candidate does not come back");
        database.expire(14 + InboundTable.GRACE_NS);
        assertNull(entry(7, 0));
        assertNull(entry(7, 1));
        assertNull(entry(7, 2));
        assertNotNull(entry(8, 0));
    }

    @Test
    void aPeerHoldsABoundedNumberOfOldAssociations() {
        for (int epoch = 1; epoch <= 20; epoch++) {
            exchange(7, epoch, epoch);
            packetUnder(7, epoch, epoch);
        }
        for (int epoch = 0; epoch <= 20; epoch++) {
            assertEquals(epoch >= 20 - InboundTable.MOST_RETIRED, entry(7, epoch) != null, "epoch " + epoch);
        }
        for (int epoch = 21; epoch <= 40; epoch++) {
            exchange(7, epoch, epoch);
        }
        assertEquals(2 + InboundTable.MOST_RETIRED, peer.inbound.size());
        assertNotNull(entry(7, 20), "what is in use");
        assertNotNull(entry(7, 40), "what is to follow it");
    }

    @Test
    void generationsThatShareAnIndexDisplaceEachOther() {
        install(7 + 32, 10);
        assertEquals(1, peer.inbound.size());
        assertEquals(7 + 32, entry(7, 0).generation);
    }

    @Test
    void anEpochThatIsAboutToComeIsNoQuestionForTheKeyService() {
        assertTrue(database.isOfComingEpoch(Spi.of(PEER, 7, 1)));
        assertFalse(database.isOfComingEpoch(Spi.of(PEER, 8, 1)));
        assertFalse(database.isOfComingEpoch(Spi.of(PEER, 7 + 32, 0)), "another generation with the same low bits");
        assertFalse(database.isOfComingEpoch(Spi.of(PEER + 1, 7, 1)));
    }

    @Test
    void whereAnExchangeIsRequiredPayloadWaitsForIt() {
        assertTrue(peer.payloadAllowed());
        peer.requireExchange(true);
        assertFalse(peer.payloadAllowed());
        assertFalse(entry(7, 0).payloadAllowed());
        exchange(7, 1, 10);
        assertTrue(entry(7, 1).payloadAllowed());
        assertFalse(peer.payloadAllowed());
        packetUnder(7, 1, 11);
        assertTrue(peer.payloadAllowed());
    }
}
