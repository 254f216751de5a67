package org.pairspan.node.keyring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.keyservice.Addresses;

/** The steps of a key's update as they come to a member: twice, late, in another order, or not at all. */
class KeyStepsTest {
    private static final int PEER = Messages.PEER_NUMBER;

    private final List<String> told = new ArrayList<>();
    /** The data plane's queue is full. */
    private boolean full;
    private final Associations associations = new Associations(Messages.OWN_ID, List.of(Messages.OWN_PREFIX), List.of(Suite.AES_256_GCM),
            (peer, terms) -> Optional.empty(), grant -> { }, new DataPlane() {
                @Override
                public CompletionStage<Void> install(AssociationGrant grant) {
                    told.add("install " + grant.generation());
                    return full ? CompletableFuture.failedStage(new IllegalStateException("full")) : CompletableFuture.completedStage(null);
                }

                @Override
                public CompletionStage<Boolean> change(AssociationChange change) {
                    told.add(switch (change) {
                        case AssociationChange.Prepare(AssociationGrant grant) -> "prepare " + grant.generation();
                        case AssociationChange.Activate(int number, long generation) -> "activate " + generation;
                        case AssociationChange.Retire(int number, long generation) -> "retire before " + generation;
                        case AssociationChange.RollBack(int number, long generation) -> "roll back " + generation;
                        case AssociationChange.Close(int number) -> "close " + number;
                    });
                    return full ? CompletableFuture.failedStage(new IllegalStateException("full")) : CompletableFuture.completedStage(true);
                }

                @Override
                public void peerUnknown(byte[] address, Duration forget) {
                    throw new AssertionError("nobody asked");
                }
            });

    private boolean step(AssociationChange change) {
        return associations.step(change).toCompletableFuture().join();
    }

    private void install(long generation) throws OfferException {
        associations.take(Messages.offer(generation), 0);
    }

    private void prepare(long generation) throws OfferException {
        associations.prepare(Messages.offer(Messages.association(generation).setKeyVersion(2)), 0);
    }

    @Test
    void stepsThatComeTwiceAreTakenOnce() throws OfferException {
        install(7);
        prepare(8);
        prepare(8);
        assertTrue(step(new AssociationChange.Activate(PEER, 8)));
        assertTrue(step(new AssociationChange.Activate(PEER, 8)));
        prepare(8);
        assertEquals(List.of("install 7", "prepare 8", "activate 8"), told);
        assertEquals(2, associations.heldVersion(new Target.Numbered(PEER)));
        assertTrue(step(new AssociationChange.Retire(PEER, 8)));
        assertEquals("retire before 8", told.getLast());
    }

    @Test
    void aGrantOfWhatIsPreparedActivatesItInsteadOfInstallingItsKeysTwice() throws OfferException {
        install(7);
        prepare(8);
        install(8);
        assertEquals(List.of("install 7", "prepare 8", "activate 8"), told);
    }

    @Test
    void whatWasGivenUpIsNeverTakenAgain() throws OfferException {
        install(7);
        prepare(8);
        assertTrue(step(new AssociationChange.RollBack(PEER, 8)));
        assertTrue(step(new AssociationChange.RollBack(PEER, 8)));
        assertThrows(OfferException.class, () -> prepare(8));
        assertThrows(OfferException.class, () -> install(8));
        assertFalse(step(new AssociationChange.Activate(PEER, 8)));
        prepare(9);
        assertEquals(List.of("install 7", "prepare 8", "roll back 8", "prepare 9"), told);
    }

    @Test
    void aRollBackThatOvertakesItsPreparationStillCounts() throws OfferException {
        install(7);
        assertTrue(step(new AssociationChange.RollBack(PEER, 8)));
        assertThrows(OfferException.class, () -> prepare(8));
    }

    @Test
    void aRetirementSaysThatTheActivationWasMissed() throws OfferException {
        install(7);
        prepare(8);
        assertTrue(step(new AssociationChange.Retire(PEER, 8)));
        assertEquals(List.of("install 7", "prepare 8", "activate 8", "retire before 8"), told);
    }

    @Test
    void whatIsNotThereCannotBeActivatedOrRetired() throws OfferException {
        install(7);
        assertFalse(step(new AssociationChange.Activate(PEER, 8)));
        assertFalse(step(new AssociationChange.Retire(PEER, 8)));
        install(9);
        assertTrue(step(new AssociationChange.Activate(PEER, 8)), "a later one is in use");
        assertFalse(step(new AssociationChange.RollBack(PEER, 8)), "and no way leads back from it");
    }

    @Test
    void anUpdateInWhoseMiddleThePairWasClosedCanEnd() throws OfferException {
        install(7);
        prepare(8);
        assertTrue(associations.withdraw(PEER));
        assertTrue(step(new AssociationChange.Activate(PEER, 8)), "nothing is left that could be activated");
        assertTrue(step(new AssociationChange.Retire(PEER, 8)));
        assertFalse(step(new AssociationChange.Activate(PEER, 9)));
        assertEquals(List.of("install 7", "prepare 8", "close " + PEER), told);
        assertTrue(step(new AssociationChange.Close(PEER)));
        assertTrue(step(new AssociationChange.Retire(PEER, 9)), "revoked, it never has anything again");
    }

    @Test
    void whatWasBehindAClosedPeerIsForgottenOnceAnUpdateHasBroughtItBack() throws OfferException {
        Target before = new Target.Owner(IpPrefix.parse("10.2.0.5"));
        install(7);
        assertTrue(associations.withdraw(PEER));
        associations.prepare(Messages.offer(Messages.association(8).clearPeerPrefixes()
                .addPeerPrefixes(Addresses.message(IpPrefix.parse("10.3.0.0/16")))), 0);
        assertEquals(7, associations.spent(before), "what is prepared may be rolled back");
        assertTrue(step(new AssociationChange.Activate(PEER, 8)));
        assertEquals(0, associations.spent(before), "it may be another's now, whose generations have nothing to do with these");
    }

    @Test
    void anActivationThatTheDataPlaneRefusedIsNotAcknowledgedButDoneAgain() throws OfferException {
        install(7);
        prepare(8);
        full = true;
        assertFalse(step(new AssociationChange.Activate(PEER, 8)));
        assertFalse(step(new AssociationChange.Activate(PEER, 8)));
        full = false;
        assertTrue(step(new AssociationChange.Activate(PEER, 8)));
        assertTrue(step(new AssociationChange.Activate(PEER, 8)));
        assertEquals(List.of("install 7", "prepare 8", "activate 8", "activate 8", "activate 8"), told);
    }

    @Test
    void aGrantOfWhatIsPreparedIsThereOnlyWhenTheDataPlaneHasActivatedIt() throws OfferException {
        install(7);
        prepare(8);
        full = true;
        assertTrue(associations.take(Messages.offer(8), 0).installed().toCompletableFuture().isCompletedExceptionally());
        full = false;
        assertFalse(associations.take(Messages.offer(8), 0).installed().toCompletableFuture().isCompletedExceptionally());
        assertEquals(List.of("install 7", "prepare 8", "activate 8", "activate 8"), told);
    }

    @Test
    void aGenerationThatTheDataPlaneCouldNotTakeAcknowledgesNoEarlierOne() throws OfferException {
        install(7);
        full = true;
        install(9);
        assertFalse(step(new AssociationChange.Activate(PEER, 8)));
    }

    @Test
    void whatAFullDataPlaneDoesNotCloseIsClosedAsSoonAsItCan() throws OfferException {
        install(7);
        full = true;
        assertTrue(associations.withdraw(PEER));
        associations.closeAgain();
        assertFalse(step(new AssociationChange.Activate(PEER, 7)), "it is not closed yet");
        assertThrows(OfferException.class, () -> install(8), "it would be closed with what was there before");
        full = false;
        associations.closeAgain();
        associations.closeAgain();
        assertEquals("close " + PEER, told.getLast());
        int closes = told.size();
        assertTrue(step(new AssociationChange.Activate(PEER, 7)));
        install(8);
        assertEquals("install 8", told.getLast());
        assertEquals(closes + 1, told.size(), "closed once, and not what came after");
    }

    @Test
    void whatWasGivenUpIsClosedAsSoonAsAFullDataPlaneCan() throws OfferException {
        install(7);
        prepare(8);
        full = true;
        assertTrue(associations.step(new AssociationChange.RollBack(PEER, 8)).toCompletableFuture().isCompletedExceptionally());
        full = false;
        int refused = told.size();
        prepare(9);
        associations.closeAgain();
        associations.closeAgain();
        assertEquals(List.of("prepare 9", "roll back 8"), told.subList(refused, told.size()));
    }

    @Test
    void aRevocationThatAFullDataPlaneRefusesIsRepeatedToo() throws OfferException {
        install(7);
        full = true;
        associations.step(new AssociationChange.Close(PEER));
        int refused = told.size();
        full = false;
        associations.closeAgain();
        associations.closeAgain();
        assertEquals(List.of("close " + PEER), told.subList(refused, told.size()));
    }

    @Test
    void aRevokedPeerIsClosedForGood() throws OfferException {
        install(7);
        assertTrue(step(new AssociationChange.Close(PEER)));
        assertTrue(step(new AssociationChange.Close(PEER)));
        assertEquals(List.of("install 7", "close " + PEER), told);
        assertThrows(OfferException.class, () -> install(8));
        assertThrows(OfferException.class, () -> prepare(8));
        assertEquals(0, associations.heldVersion(new Target.Numbered(PEER)));
    }

    @Test
    void ofARevokedPeerNothingIsLeftButThatItIsRevoked() throws OfferException {
        install(7);
        prepare(8);
        assertTrue(associations.withdraw(PEER));
        assertEquals(8, associations.spent(new Target.Numbered(PEER)));
        assertTrue(step(new AssociationChange.Close(PEER)));
        assertTrue(step(new AssociationChange.RollBack(PEER, 9)));
        assertEquals(0, associations.spent(new Target.Numbered(PEER)));
        assertTrue(associations.all().isEmpty());
        assertThrows(OfferException.class, () -> install(10));
        assertTrue(step(new AssociationChange.Activate(PEER, 8)), "no step has anything left to do");
    }
}
