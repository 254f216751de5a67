package org.pairspan.node.keyring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.handshake.KeyExchange;
import org.pairspan.protocol.keyservice.HeldAssociation;
import org.pairspan.protocol.keyservice.Refusal;
import org.pairspan.protocol.keyservice.Terms;

/** What a change of the policy does to associations that are in use. */
class PolicyReviewsTest {
    private record Question(Target target, long aboveGeneration, CompletableFuture<Reply.Answer> answer) {
    }

    private record Review(List<HeldAssociation> held, CompletableFuture<Reply.Verdict> answer) {
    }

    private static final class FakeDataPlane implements DataPlane {
        private final List<AssociationGrant> installed = new ArrayList<>();
        private final List<AssociationChange> changes = new ArrayList<>();

        @Override
        public CompletionStage<Void> install(AssociationGrant grant) {
            installed.add(grant);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<Boolean> change(AssociationChange change) {
            changes.add(change);
            return CompletableFuture.completedStage(true);
        }

        @Override
        public void peerUnknown(byte[] address, Duration forget) {
            // Nobody waits here.
        }
    }

    private final List<Question> asked = new ArrayList<>();
    private final List<Review> reviews = new ArrayList<>();
    private final FakeDataPlane dataPlane = new FakeDataPlane();
    private final DemandQueue demands = new DemandQueue(() -> { });
    private final List<String> refusals = new ArrayList<>();
    private Optional<String> objection = Optional.empty();
    private long nowNs;
    private final KeyAgent agent = new KeyAgent(() -> nowNs, this::ask, dataPlane, demands,
            new Associations(Messages.OWN_ID, List.of(Messages.OWN_PREFIX), List.of(Suite.AES_256_GCM), (peer, terms) -> objection, grant -> { },
                    dataPlane),
            new OpenQuestions(new Random(1)), this::review, () -> { });

    private CompletableFuture<Reply.Answer> ask(Target target, long aboveGeneration, int heldVersion) {
        asked.add(new Question(target, aboveGeneration, new CompletableFuture<>()));
        return asked.getLast().answer();
    }

    private CompletableFuture<Reply.Verdict> review(List<HeldAssociation> held) {
        reviews.add(new Review(held, new CompletableFuture<>()));
        return reviews.getLast().answer();
    }

    @BeforeEach
    void installOne() {
        push(Messages.offer(Messages.association(7).setTerms(Terms.newBuilder().setStrict(true))));
    }

    private void push(AssociationOffer offer) {
        agent.onInstall(offer, new KeyService.InstallReply() {
            @Override
            public void installed() {
                refusals.clear();
            }

            @Override
            public void refused(String reason) {
                refusals.add(reason);
            }
        });
        agent.doWork();
    }

    private void policy(long version) {
        agent.onPolicy(version);
        agent.doWork();
    }

    private void answer(List<String> denied, List<String> changed) {
        reviews.getLast().answer().complete(new Reply.Verdict(denied, changed));
        agent.doWork();
    }

    @Test
    void aPairThatIsDeniedIsClosed() {
        policy(1);
        assertEquals("site-b", reviews.getFirst().held().getFirst().getPeerId());
        assertTrue(reviews.getFirst().held().getFirst().getTerms().getStrict());
        answer(List.of("site-b"), List.of());

        assertEquals(List.of(new AssociationChange.Close(Messages.PEER_NUMBER)), dataPlane.changes);
        policy(1);
        policy(2);
        assertEquals(1, reviews.size(), "nothing is held any more, and nothing is asked twice about one version");
    }

    @Test
    void whatIsHeldIsReviewedAfterEachRegistrationForTheServersSettingsMayHaveChanged() {
        policy(1);
        answer(List.of(), List.of());
        policy(1);
        assertEquals(1, reviews.size());
        agent.onLinkUp(1);
        policy(1);
        assertEquals(2, reviews.size());
        answer(List.of(), List.of("site-b"));
        agent.doWork();
        assertEquals(7, asked.getLast().aboveGeneration());
    }

    @Test
    void aClosedPairComesBackUnderANewGenerationOnly() {
        policy(1);
        answer(List.of("site-b"), List.of());
        push(Messages.offer(7));
        assertEquals(List.of("generation 7 was given up"), refusals);

        demands.peerOf(Messages.address("10.2.0.5"));
        agent.doWork();
        assertEquals(7, asked.getLast().aboveGeneration());
        asked.getLast().answer().complete(new Reply.Granted(Messages.offer(8)));
        agent.doWork();
        assertEquals(8, dataPlane.installed.getLast().generation());
    }

    @Test
    void aPairOnOtherTermsIsRenewedAndClosedWhereThatIsDenied() {
        policy(1);
        answer(List.of(), List.of("site-b"));
        agent.doWork();

        assertEquals(new Target.Numbered(Messages.PEER_NUMBER), asked.getLast().target());
        assertEquals(7, asked.getLast().aboveGeneration());
        asked.getLast().answer().complete(new Reply.Refused(Refusal.Reason.NO_COMMON_SUITE, ""));
        agent.doWork();
        assertEquals(List.of(new AssociationChange.Close(Messages.PEER_NUMBER)), dataPlane.changes);
    }

    @Test
    void whatTakesThePlaceOfOtherTermsIsReviewedToo() {
        policy(1);
        answer(List.of(), List.of("site-b"));
        push(Messages.offer(8));
        assertEquals(1, reviews.size());
        nowNs += PolicyReviews.PAUSE.toNanos();
        agent.doWork();
        assertEquals(2, reviews.size());
        answer(List.of(), List.of());
        nowNs += PolicyReviews.PAUSE.toNanos();
        agent.doWork();
        assertEquals(2, reviews.size(), "all is as the policy wants it");
    }

    @Test
    void aReviewThatFailsIsAskedForAgain() {
        policy(1);
        reviews.getLast().answer().completeExceptionally(new IOException("the link is down"));
        agent.doWork();
        agent.doWork();
        assertEquals(1, reviews.size());
        nowNs += PolicyReviews.PAUSE.toNanos();
        agent.doWork();
        assertEquals(2, reviews.size());
    }

    @Test
    void termsThatCanNotBeKeptAreRefused() {
        push(Messages.offer(Messages.association(8).setTerms(Terms.newBuilder().setTrafficClassValue(9))));
        assertTrue(refusals.getFirst().contains("traffic class 9"), refusals::toString);
        push(Messages.offer(Messages.association(8).setTerms(Terms.newBuilder().setKeyExchange(4711))));
        assertTrue(refusals.getLast().contains("key exchange 4711"), refusals::toString);
        objection = Optional.of("the operator wants another exchange");
        push(Messages.offer(Messages.association(8).setTerms(Terms.newBuilder().setKeyExchange(KeyExchange.X25519.namedGroup()))));
        assertTrue(refusals.getLast().contains("another exchange"), refusals::toString);
        assertEquals(1, dataPlane.installed.size());
    }
}
