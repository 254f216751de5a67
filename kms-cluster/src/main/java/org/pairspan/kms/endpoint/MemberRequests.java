package org.pairspan.kms.endpoint;

import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.pairspan.kms.endpoint.LinkCommand.KeyAnswered;
import org.pairspan.kms.endpoint.LinkCommand.MismatchAudited;
import org.pairspan.kms.endpoint.LinkCommand.Reviewed;
import org.pairspan.kms.issue.Answer;
import org.pairspan.kms.issue.Requester;
import org.pairspan.kms.issue.Wanted;
import org.pairspan.kms.presence.Handout;
import org.pairspan.protocol.keyservice.KeyGrant;
import org.pairspan.protocol.keyservice.KeyRequest;
import org.pairspan.protocol.keyservice.MalformedMessageException;
import org.pairspan.protocol.keyservice.PolicyReview;
import org.pairspan.protocol.keyservice.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests of a member, from the frame to the answer; each takes a place in the window until it is answered. Used by the link's thread.
 */
final class MemberRequests {

    private static final Logger LOG = LoggerFactory.getLogger(MemberRequests.class);

    private final ActorContext<LinkCommand> link;
    private final LinkServices services;
    private final LinkAnswers answers;
    private final LinkRecords records;
    private final RequestWindow window;
    private boolean reviewing;

    MemberRequests(ActorContext<LinkCommand> link, LinkServices services, LinkAnswers answers, LinkRecords records, RequestWindow window) {
        this.link = link;
        this.services = services;
        this.answers = answers;
        this.records = records;
        this.window = window;
    }

    /** Has a key issued; the link is told by {@link KeyAnswered}. */
    void key(long correlationId, Peer peer, Requester requester, KeyRequest request) throws MalformedMessageException {
        if (!request.getMemberId().equals(peer.id())) {
            mismatch(correlationId, peer, request.getMemberId());
            return;
        }
        if (request.getIncarnation() != requester.incarnation()) {
            throw new MalformedMessageException("a connection serves one incarnation");
        }
        Wanted wanted = Frames.wanted(request);
        window.openOne();
        link.pipeToSelf(services.issuer().issue(requester, wanted), (answer, never) -> new KeyAnswered(correlationId, answer));
    }

    void answered(KeyAnswered answered) {
        switch (answered.answer()) {
            case Answer.Granted granted -> grant(answered.correlationId(), granted.handout());
            case Answer.Refused refused -> answers.sendRefusal(answered.correlationId(), refused.reason(), refused.detail());
        }
        window.closeOne();
    }

    private void grant(long correlationId, Handout handout) {
        services.sendAssociation(handout, association -> answers.send(
                        LinkAnswers.to(correlationId).setKeyGrant(KeyGrant.newBuilder().setAssociation(association))))
                .ifPresent(why -> answers.refuse(correlationId, Refusal.Reason.UNAVAILABLE, "not possible now, ask again"));
    }

    /** Has what the member holds reviewed; the link is told by {@link Reviewed}. */
    void review(long correlationId, Requester requester, PolicyReview review) throws MalformedMessageException {
        if (reviewing) {
            answers.refuse(correlationId, Refusal.Reason.UNAVAILABLE, "one review at a time");
            return;
        }
        reviewing = true;
        window.openOne();
        link.pipeToSelf(new PolicyVerdicts(services).verdict(requester, review),
                (verdict, failure) -> new Reviewed(correlationId, verdict, failure));
    }

    void reviewed(Reviewed reviewed, Requester requester) {
        reviewing = false;
        if (reviewed.failure() == null) {
            answers.send(LinkAnswers.to(reviewed.correlationId()).setPolicyVerdict(reviewed.verdict()));
        } else {
            LOG.info("what {} holds can't be reviewed now: {}", requester.entry().id(), reviewed.failure().toString());
            answers.refuse(reviewed.correlationId(), Refusal.Reason.UNAVAILABLE, "not possible now, ask again");
        }
        window.closeOne();
    }

    /**
     * KS-4: asked with another's id. Refused, and audited before the answer goes out; who does so again and again loses the link. It counts
     * as a request, so that one member can't fill the audit log's queue, without which nobody gets a key. The link is told by {@link MismatchAudited}.
     */
    void mismatch(long correlationId, Peer peer, String claimed) {
        LOG.warn("{} at {} claimed to be another member", peer.id(), peer.from());
        window.openOne();
        link.pipeToSelf(records.mismatch(peer, claimed),
                (recorded, failure) -> new MismatchAudited(correlationId, failure == null && recorded, failure));
    }

    void mismatchAudited(MismatchAudited audited) {
        if (audited.failure() == null) {
            answers.refuse(audited.correlationId(), Refusal.Reason.IDENTITY_MISMATCH, "the certificate names another member");
        } else {
            LOG.error("audit log does not take a record", audited.failure());
            answers.refuse(audited.correlationId(), Refusal.Reason.UNAVAILABLE, "not possible now, ask again later");
        }
        window.closeOne();
    }
}
