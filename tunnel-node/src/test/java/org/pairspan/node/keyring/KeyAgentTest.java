package org.pairspan.node.keyring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.association.KeySchedule;
import org.pairspan.protocol.association.TrafficKeys;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.keyservice.Addresses;
import org.pairspan.protocol.keyservice.Association;
import org.pairspan.protocol.keyservice.Refusal;

class KeyAgentTest {
    private static final long SEED = 42;
    private static final byte[] ADDRESS = Messages.address("10.2.0.5");

    private record Question(Target target, long aboveGeneration, CompletableFuture<Reply.Answer> answer) {
        void grant(Association.Builder association) {
            answer.complete(new Reply.Granted(Messages.offer(association)));
        }

        void refuse(Refusal.Reason reason) {
            answer.complete(new Reply.Refused(reason, "as the test wants"));
        }
    }

    private record Installed(AssociationGrant grant, CompletableFuture<Void> done) {
    }

    private static final class FakeDataPlane implements DataPlane {
        private final List<Installed> installed = new ArrayList<>();
        private final List<String> unknown = new ArrayList<>();
        private final List<AssociationChange> changes = new ArrayList<>();
        private boolean full;

        @Override
        public CompletionStage<Void> install(AssociationGrant grant) {
            installed.add(new Installed(grant, new CompletableFuture<>()));
            return installed.getLast().done();
        }

        @Override
        public CompletionStage<Boolean> change(AssociationChange change) {
            changes.add(change);
            return full ? CompletableFuture.failedStage(new IllegalStateException("full")) : CompletableFuture.completedStage(true);
        }

        @Override
        public void peerUnknown(byte[] address, Duration forget) {
            unknown.add(HexFormat.of().formatHex(address) + " for " + forget);
        }
    }

    private static final class FakeReply implements KeyService.InstallReply {
        private String said = "";

        @Override
        public void installed() {
            said += "installed";
        }

        @Override
        public void refused(String reason) {
            said += "refused: " + reason;
        }
    }

    private final List<Question> asked = new ArrayList<>();
    private final FakeDataPlane dataPlane = new FakeDataPlane();
    private final DemandQueue demands = new DemandQueue(() -> { });
    private long nowNs = Long.MAX_VALUE - Duration.ofSeconds(3).toNanos();
    private final KeyAgent agent = new KeyAgent(() -> nowNs, this::ask, dataPlane, demands,
            new Associations(Messages.OWN_ID, List.of(Messages.OWN_PREFIX), List.of(Suite.AES_256_GCM, Suite.SM4_GCM),
                    (peer, terms) -> Optional.empty(), grant -> { }, dataPlane),
            new OpenQuestions(new Random(SEED)), held -> CompletableFuture.failedFuture(new IOException("not asked here")), () -> { });

    private CompletableFuture<Reply.Answer> ask(Target target, long aboveGeneration, int heldVersion) {
        asked.add(new Question(target, aboveGeneration, new CompletableFuture<>()));
        return asked.getLast().answer();
    }

    private void pass(Duration time) {
        nowNs += time.toNanos();
        agent.doWork();
    }

    private FakeReply push(AssociationOffer offer) {
        FakeReply reply = new FakeReply();
        agent.onInstall(offer, reply);
        agent.doWork();
        return reply;
    }

    private void installGeneration(long generation) {
        push(Messages.offer(generation));
        dataPlane.installed.getLast().done().complete(null);
        agent.doWork();
    }

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

    private void pushThatFindsNoRoom(long generation) {
        push(Messages.offer(generation));
        dataPlane.installed.getLast().done().completeExceptionally(new IllegalStateException("full"));
        agent.doWork();
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
    void tooManyPushesAtOnceAreRefusedWithoutWaiting() {
        FakeReply last = new FakeReply();
        for (int i = 0; i <= PushedAssociations.MAX_PUSHES; i++) {
            last = new FakeReply();
            agent.onInstall(Messages.offer(i + 1), last);
        }
        assertTrue(last.said.startsWith("refused"), last.said);
    }
}
