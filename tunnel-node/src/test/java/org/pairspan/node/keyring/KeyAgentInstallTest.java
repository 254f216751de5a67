package org.pairspan.node.keyring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.association.KeySchedule;
import org.pairspan.protocol.association.TrafficKeys;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.keyservice.Addresses;
import org.pairspan.protocol.keyservice.Association;

/** What the agent gives to the data plane, and what it refuses. */
class KeyAgentInstallTest extends KeyAgentFixture {
    @Test
    void aGrantIsInstalledWithTheKeysOfBothDirections() throws OfferException {
        demands.peerOf(ADDRESS);
        agent.doWork();
        Association.Builder association = Messages.association(7);
        asked.getFirst().grant(association);
        agent.doWork();

        AssociationGrant grant = dataPlane.installed.getFirst().grant();
        assertEquals("site-b", grant.peerId());
        assertEquals(7, grant.generation());
        byte[] pairKey = association.getPairKey().toByteArray();
        try (TrafficKeys outbound = KeySchedule.derive(Suite.AES_256_GCM, pairKey, "site-a", "site-b", 1, 7);
                TrafficKeys inbound = KeySchedule.derive(Suite.AES_256_GCM, pairKey, "site-b", "site-a", 1, 7)) {
            assertArrayEquals(outbound.aeadKey(), grant.outboundKeys().aeadKey());
            assertArrayEquals(inbound.aeadKey(), grant.inboundKeys().aeadKey());
            assertArrayEquals(inbound.spaKey(), grant.inboundKeys().spaKey());
        }
    }

    @Test
    void thePairKeyIsWipedOnceTheKeysAreDerived() throws OfferException {
        AssociationOffer offer = Messages.offer(1);
        push(offer);
        AssociationGrant derivedFromNothing = offer.derive("site-a");
        try (TrafficKeys zeroKey = KeySchedule.derive(Suite.AES_256_GCM, new byte[32], "site-a", "site-b", 1, 1)) {
            assertArrayEquals(zeroKey.aeadKey(), derivedFromNothing.outboundKeys().aeadKey());
        }
    }

    @Test
    void aPushIsAcknowledgedOnlyWhenTheDataPlaneHasIt() {
        FakeReply reply = push(Messages.offer(1));
        assertEquals("", reply.said);
        dataPlane.installed.getFirst().done().complete(null);
        assertEquals("", reply.said, "the data thread does not speak to the key service");
        agent.doWork();
        assertEquals("installed", reply.said);
    }

    @Test
    void theSameGenerationAgainIsAcknowledgedButNotInstalledTwice() {
        installGeneration(3);
        FakeReply again = push(Messages.offer(3));
        agent.doWork();
        assertEquals("installed", again.said);
        assertEquals(1, dataPlane.installed.size());
    }

    @Test
    void aRevokedPeerIsClosedInTheEndHoweverFullTheDataPlaneIs() {
        installGeneration(3);
        dataPlane.full = true;
        agent.onRevoked(List.of(Messages.PEER_NUMBER));
        agent.doWork();
        dataPlane.full = false;
        dataPlane.changes.clear();
        agent.doWork();
        agent.doWork();
        assertEquals(List.of(new AssociationChange.Close(Messages.PEER_NUMBER)), dataPlane.changes);
    }

    @Test
    void anOlderGenerationIsRefused() {
        installGeneration(3);
        FakeReply older = push(Messages.offer(2));
        assertTrue(older.said.startsWith("refused: generation 2 is older"), older.said);
        assertEquals(1, dataPlane.installed.size());
    }

    @Test
    void aGenerationThatTheDataPlaneCouldNotTakeIsSpent() {
        FakeReply first = push(Messages.offer(3));
        dataPlane.installed.getFirst().done().completeExceptionally(new IllegalStateException("full"));
        agent.doWork();
        assertTrue(first.said.startsWith("refused"), first.said);
        FakeReply again = push(Messages.offer(3));
        agent.doWork();
        assertTrue(again.said.startsWith("refused"), again.said);
        assertEquals(1, dataPlane.installed.size());
        installGeneration(4);
        assertEquals(2, dataPlane.installed.size());
    }

    @Test
    void offersThatMustNotBeUsedAreRefusedAndNothingIsInstalled() {
        installGeneration(1);
        assertRefused(Messages.association(2).setPeerId("site-a"), "with ourselves");
        assertRefused(Messages.association(2).setPeerId("site-c"), "is site-b's, not site-c's");
        assertRefused(Messages.association(2).setOwnNumber(9), "we are number 1");
        assertRefused(Messages.association(2).setSuite(Suite.CHACHA20_POLY1305.wireNumber()), "not allowed here");
        assertRefused(Messages.association(2).addPeerPrefixes(Addresses.message(IpPrefix.parse("10.0.0.0/8"))), "overlaps our own");
        assertEquals(1, dataPlane.installed.size());
    }

    private void assertRefused(Association.Builder association, String reason) {
        FakeReply reply = push(Messages.offer(association));
        assertTrue(reply.said.startsWith("refused: ") && reply.said.contains(reason), reply.said);
    }

    @Test
    void aGrantForAnotherMemberThanTheOneAskedForIsNotUsed() {
        demands.peerOf(Messages.address("10.3.0.1"));
        agent.doWork();
        asked.getFirst().grant(Messages.association(1));
        agent.doWork();
        assertEquals(List.of(), dataPlane.installed);
        assertEquals(1, dataPlane.unknown.size());
    }

    @Test
    void tooManyPushesAtOnceAreRefusedWithoutWaiting() {
        FakeReply last = new FakeReply();
        for (int i = 0; i <= PushedAssociations.MAX_PUSHES; i++) {
            last = new FakeReply();
            agent.onInstall(Messages.offer(i + 1), last);
        }
        assertTrue(last.said.startsWith("refused"), last.said);
    }
}
