package org.pairspan.node.keyring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.keyservice.Addresses;
import org.pairspan.protocol.keyservice.Association;
import org.pairspan.protocol.keyservice.Refusal;

/** What the agent asks the key service, and how often. */
class KeyAgentTest extends KeyAgentFixture {
    @Test
    void manyDemandsForOneAddressAreOneQuestion() {
        for (int i = 0; i < 100; i++) {
            assertTrue(demands.peerOf(ADDRESS));
        }
        agent.doWork();
        demands.peerOf(ADDRESS);
        agent.doWork();
        assertEquals(1, asked.size());
        assertEquals(new Target.Owner(IpPrefix.parse("10.2.0.5/32")), asked.getFirst().target());
        assertEquals(0, asked.getFirst().aboveGeneration());
    }

    @Test
    void aDemandThatWasOnItsWayWhenThePeerWasInstalledAsksNothing() {
        installGeneration(1);
        demands.peerOf(ADDRESS);
        agent.doWork();
        assertEquals(List.of(), asked);
    }

    @Test
    void anAddressNobodyOwnsIsToldToTheDataPlaneAndNotAskedAgainByItself() {
        demands.peerOf(ADDRESS);
        agent.doWork();
        asked.getFirst().refuse(Refusal.Reason.UNKNOWN_PEER);
        agent.doWork();
        assertEquals(List.of("0a020005 for " + KeyAgent.FORGET), dataPlane.unknown);
        pass(Duration.ofSeconds(5));
        assertEquals(1, asked.size());
    }

    @Test
    void anAddressThatNoMemberCanOwnIsNotAskedFor() {
        byte[] mapped = new byte[16];
        mapped[10] = mapped[11] = (byte) 0xFF;
        demands.peerOf(mapped);
        agent.doWork();
        assertEquals(List.of(), asked);
        assertEquals(List.of("00000000000000000000ffff00000000 for " + KeyAgent.FORGET), dataPlane.unknown);
    }

    @Test
    void whatIsUnavailableIsAskedAgainAfterAPause() {
        demands.peerOf(ADDRESS);
        agent.doWork();
        asked.getFirst().refuse(Refusal.Reason.UNAVAILABLE);
        agent.doWork();
        assertEquals(1, asked.size());
        pass(OpenQuestions.FIRST_PAUSE);
        assertEquals(2, asked.size());
        asked.get(1).answer().completeExceptionally(new IOException("the link died"));
        agent.doWork();
        pass(OpenQuestions.FIRST_PAUSE.multipliedBy(2));
        assertEquals(3, asked.size());
        assertEquals(List.of(), dataPlane.unknown);
    }

    @Test
    void aQuestionThatNobodyRepeatsIsGivenUp() {
        demands.peerOf(ADDRESS);
        agent.doWork();
        asked.getFirst().refuse(Refusal.Reason.UNAVAILABLE);
        agent.doWork();
        pass(OpenQuestions.FRESH.plusMillis(1));
        pass(Duration.ofMinutes(1));
        assertEquals(1, asked.size());
        demands.peerOf(ADDRESS);
        agent.doWork();
        assertEquals(2, asked.size());
    }

    @Test
    void aNewLinkMakesEveryOpenQuestionDueAtOnce() {
        demands.peerOf(ADDRESS);
        agent.doWork();
        asked.getFirst().refuse(Refusal.Reason.UNAVAILABLE);
        agent.doWork();
        agent.onLinkUp(1);
        agent.doWork();
        assertEquals(2, asked.size());
    }

    @Test
    void aPeerWhoseAssociationFoundNoRoomIsAskedForAboveItWhenItIsHeard() {
        pushThatFindsNoRoom(3);
        demands.peerNumbered(Messages.PEER_NUMBER);
        agent.doWork();
        assertEquals(3, asked.getFirst().aboveGeneration());
        asked.getFirst().grant(Messages.association(4));
        agent.doWork();
        assertEquals(4, dataPlane.installed.getLast().grant().generation());
    }

    @Test
    void aPeerWhoseAssociationFoundNoRoomIsAskedForAboveItWhenItIsSentTo() {
        pushThatFindsNoRoom(3);
        demands.peerOf(ADDRESS);
        agent.doWork();
        assertEquals(3, asked.getFirst().aboveGeneration());
    }

    @Test
    void whatWasHeldBeforeAnAssociationThatFoundNoRoomStillIs() {
        installGeneration(2);
        pushThatFindsNoRoom(3);
        demands.renew(Messages.PEER_NUMBER, 2);
        agent.doWork();
        assertEquals(3, asked.getFirst().aboveGeneration());
        agent.onRevoked(List.of(Messages.PEER_NUMBER));
        agent.doWork();
        assertEquals(List.of(new AssociationChange.Close(Messages.PEER_NUMBER)), dataPlane.changes);
    }

    @Test
    void aRenewalAsksAboveTheWornGenerationUntilItGetsOne() {
        installGeneration(5);
        demands.renew(Messages.PEER_NUMBER, 5);
        agent.doWork();
        assertEquals(5, asked.getFirst().aboveGeneration());
        asked.getFirst().grant(Messages.association(5));
        agent.doWork();
        pass(OpenQuestions.FIRST_PAUSE);
        assertEquals(2, asked.size());
        asked.get(1).grant(Messages.association(6));
        agent.doWork();
        assertEquals(6, dataPlane.installed.getLast().grant().generation());
        demands.renew(Messages.PEER_NUMBER, 5);
        agent.doWork();
        assertEquals(2, asked.size());
    }

    @Test
    void anAddressThatAKnownPeerHasWonSinceIsReachedByANewGeneration() {
        installGeneration(1);
        Association.Builder grown = Messages.association(1).addPeerPrefixes(Addresses.message(IpPrefix.parse("10.9.0.0/16")));
        demands.peerOf(Messages.address("10.9.0.1"));
        agent.doWork();
        asked.getFirst().grant(grown);
        agent.doWork();
        pass(OpenQuestions.FIRST_PAUSE);
        assertEquals(1, asked.get(1).aboveGeneration());
        asked.get(1).grant(grown.setGeneration(2));
        agent.doWork();
        assertEquals(2, dataPlane.installed.size());
        assertEquals(2, dataPlane.installed.getLast().grant().peerPrefixes().size());
    }

    @Test
    void garbageNumbersCannotFloodTheKeyService() {
        Random random = new Random(SEED);
        for (int turn = 0; turn < 100; turn++) {
            for (int i = 0; i < DemandQueue.CAPACITY; i++) {
                demands.peerNumbered(random.nextInt());
            }
            pass(Duration.ofMillis(10));
        }
        int most = NumberGate.BURST + NumberGate.PER_SECOND;
        assertTrue(asked.size() <= most, "seed " + SEED + ": " + asked.size() + " questions in a second");
        assertTrue(asked.size() >= NumberGate.BURST, "seed " + SEED + ": " + asked.size() + " questions in a second");
    }

    @Test
    void garbageDoesNotKeepAKnownPeersNumberFromBeingAsked() {
        installGeneration(1);
        for (int number = 100; number < 300; number++) {
            demands.peerNumbered(number);
        }
        demands.peerNumbered(Messages.PEER_NUMBER);
        agent.doWork();
        assertTrue(asked.stream().anyMatch(question -> question.target().equals(new Target.Numbered(Messages.PEER_NUMBER))));
    }

    @Test
    void impossibleNumbersAreNotAsked() {
        demands.peerNumbered(0);
        demands.peerNumbered(-1);
        demands.peerNumbered(1 << 20);
        agent.doWork();
        assertEquals(List.of(), asked);
    }

    @Test
    void aFullQueueRefusesDemands() {
        for (int i = 0; i < DemandQueue.CAPACITY; i++) {
            assertTrue(demands.renew(Messages.PEER_NUMBER, i));
        }
        assertFalse(demands.peerOf(ADDRESS));
    }

    @Test
    void aPeerThatHasLeftIsClosedAndAskedForAboveWhatItHad() {
        installGeneration(5);
        demands.left(Messages.PEER_NUMBER, 4);
        agent.doWork();
        assertTrue(dataPlane.changes.isEmpty(), "a newer generation than the one it left with is on its way");
        demands.left(Messages.PEER_NUMBER, 5);
        agent.doWork();
        demands.left(Messages.PEER_NUMBER, 5);
        agent.doWork();
        assertEquals(List.of(new AssociationChange.Close(Messages.PEER_NUMBER)), dataPlane.changes);
        demands.peerNumbered(Messages.PEER_NUMBER);
        agent.doWork();
        assertEquals(5, asked.getFirst().aboveGeneration());
        asked.getFirst().grant(Messages.association(6));
        agent.doWork();
        assertEquals(6, dataPlane.installed.getLast().grant().generation());
    }
}
