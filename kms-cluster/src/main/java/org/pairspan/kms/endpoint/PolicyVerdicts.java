package org.pairspan.kms.endpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.pairspan.kms.audit.AuditRecord;
import org.pairspan.kms.issue.Requester;
import org.pairspan.kms.policy.PolicyDecision;
import org.pairspan.protocol.keyservice.HeldAssociation;
import org.pairspan.protocol.keyservice.MalformedMessageException;
import org.pairspan.protocol.keyservice.PolicyReview;
import org.pairspan.protocol.keyservice.PolicyVerdict;
import org.pairspan.runtime.identity.Identity;

/** Tells a member which of the associations it holds the policy does not allow any more, or not on these terms. */
final class PolicyVerdicts {

    private static final int MOST_HELD = 256;

    private final LinkServices services;

    PolicyVerdicts(LinkServices services) {
        this.services = services;
    }

    /**
     * Reviews what a member says that it holds; what it says of others concerns nobody but itself.
     *
     * @return completes when all that is withdrawn has its audit record; fails where nothing can be decided now, and where the member has had
     *         more withdrawn lately than is recorded of one
     */
    CompletionStage<PolicyVerdict> verdict(Requester requester, PolicyReview review) throws MalformedMessageException {
        if (review.getHeldCount() > MOST_HELD) {
            throw new MalformedMessageException("a review is of " + MOST_HELD + " associations at the most");
        }
        String own = requester.entry().id();
        PolicyVerdict.Builder verdict = PolicyVerdict.newBuilder();
        List<AuditRecord> withdrawn = new ArrayList<>();
        for (HeldAssociation held : review.getHeldList()) {
            String peer = held.getPeerId();
            if (!Identity.ID.matcher(peer).matches() || peer.equals(own)) {
                throw new MalformedMessageException("a review names the ids of other members");
            }
            switch (services.policy().decide(own, peer)) {
                case PolicyDecision.Allowed allowed -> {
                    boolean suiteAllowed = allowed.suites().stream().anyMatch(suite -> suite.wireNumber() == held.getSuite());
                    if (!suiteAllowed || !TermsMessage.of(allowed.terms()).equals(held.getTerms())) {
                        verdict.addChanged(peer);
                    }
                }
                case PolicyDecision.Denied denied -> {
                    verdict.addDenied(peer);
                    withdrawn.add(new AuditRecord(services.clock().instant(), AuditRecord.Event.ASSOCIATION_WITHDRAWN, own, peer, 0, 0,
                            requester.from(), "withdrawn: " + denied.reason()));
                }
                case PolicyDecision.Undecided undecided -> {
                    return CompletableFuture.failedStage(new IllegalStateException(undecided.why()));
                }
            }
        }
        return services.audit().withdrawals().write(own, withdrawn).thenApply(recorded -> {
            if (!recorded) {
                throw new IllegalStateException("too much was withdrawn lately");
            }
            return verdict.build();
        });
    }
}
