package org.pairspan.kms.endpoint;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.pairspan.kms.directory.Directory;
import org.pairspan.kms.endpoint.LinkCommand.DirectoryAnswered;
import org.pairspan.kms.endpoint.LinkCommand.RegistrationAudited;
import org.pairspan.kms.endpoint.LinkCommand.RegistrationRefused;
import org.pairspan.kms.issue.Answer;
import org.pairspan.kms.presence.MemberPresence;
import org.pairspan.protocol.keyservice.Addresses;
import org.pairspan.protocol.keyservice.MalformedMessageException;
import org.pairspan.protocol.keyservice.Refusal;
import org.pairspan.protocol.keyservice.Register;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a member from its Register to its entry in the directory: asked first, audited next, answered last. Used by the link's thread. */
final class Registration {

    private static final Logger LOG = LoggerFactory.getLogger(Registration.class);

    private static final Answer.Refused TOO_OFTEN = new Answer.Refused(Refusal.Reason.UNAVAILABLE, "registered too often, register again later");

    /** Longer than a server that works takes; one that has died delays its members' new registrations by no more. */
    private static final Duration STAND_DOWN_WITHIN = Duration.ofMillis(250);

    private final ActorContext<LinkCommand> link;
    private final LinkServices services;
    private final LinkAnswers answers;
    private final LinkRecords records;

    Registration(ActorContext<LinkCommand> link, LinkServices services, LinkAnswers answers, LinkRecords records) {
        this.link = link;
        this.services = services;
        this.answers = answers;
        this.records = records;
    }

    /**
     * Asks the directory; the link is told by {@link DirectoryAnswered}. Before the directory may give away what the member has no more, an older
     * link, which may be half open, ceases to answer for it.
     *
     * @param first whether the link serves no member yet
     */
    void begin(long correlationId, Peer peer, Register register, boolean first) throws MalformedMessageException {
        Directory.Register command = new Directory.Register(peer.id(), Addresses.endpoint(register.getBearer()),
                Frames.prefixes(register), peer.granted(), Frames.suites(register), null);
        CompletionStage<Void> ready = first ? olderLinkStandsDown(peer.id()) : CompletableFuture.completedStage(null);
        link.pipeToSelf(ready.thenCompose(done -> Directory.of(services.sharding()).<Directory.RegisterReply>ask(command::answerTo,
                services.limits().requestTimeout())), (reply, failure) -> new DirectoryAnswered(correlationId, reply, failure));
    }

    /** Completes in any case: a server that cannot be reached for long answers nobody. */
    private CompletionStage<Void> olderLinkStandsDown(String member) {
        return MemberPresence.of(services.sharding(), member)
                .<MemberPresence.StoodDown>ask(replyTo -> new MemberPresence.StandDown(member, replyTo), STAND_DOWN_WITHIN)
                .handle((done, late) -> null);
    }

    /**
     * Has the directory's word recorded; the link is told by {@link RegistrationAudited} or {@link RegistrationRefused}.
     *
     * @return false where the directory could not decide, and the member has been told
     */
    boolean proceed(Peer peer, DirectoryAnswered answered) {
        if (answered.failure() != null) {
            LOG.info("registration of {} failed: {}", peer.id(), answered.failure().toString());
            answers.refuse(answered.correlationId(), Refusal.Reason.UNAVAILABLE, "not possible now, register again");
            return false;
        }
        if (!services.standing().holds()) {
            answers.refuse(answered.correlationId(), Refusal.Reason.UNAVAILABLE, services.standing().trouble());
            return false;
        }
        switch (answered.reply()) {
            case Directory.Registered registered -> link.pipeToSelf(records.registered(peer, registered.entry()),
                    (recorded, failure) -> failure != null || recorded ? new RegistrationAudited(answered.correlationId(), registered, failure)
                            : new RegistrationRefused(answered.correlationId(), TOO_OFTEN, null));
            case Directory.PrefixRefused refused -> refuse(peer, answered, refused.detail(),
                    new Answer.Refused(Refusal.Reason.PREFIX_REFUSED, refused.detail()));
            case Directory.RegistrationRevoked gone -> refuse(peer, answered, "the member is revoked",
                    new Answer.Refused(Refusal.Reason.MEMBER_REVOKED, "you are revoked"));
            case Directory.NumbersExhausted none -> refuse(peer, answered, "no member number is left",
                    new Answer.Refused(Refusal.Reason.UNAVAILABLE, "the service takes no more members"));
        }
        return true;
    }

    /** Nobody hears of a refusal before it is on record or, where there were too many of the member, counted. */
    private void refuse(Peer peer, DirectoryAnswered answered, String why, Answer.Refused refusal) {
        link.pipeToSelf(records.registrationRefused(peer, why),
                (recorded, failure) -> new RegistrationRefused(answered.correlationId(), refusal, failure));
    }

    /** Tells the member that it was refused, where that is on record. */
    void refused(RegistrationRefused refused) {
        if (refused.failure() == null) {
            answers.refuse(refused.correlationId(), refused.refusal().reason(), refused.refusal().detail());
        } else {
            notRecorded(refused.correlationId(), refused.failure());
        }
    }

    private void notRecorded(long correlationId, Throwable failure) {
        LOG.error("audit log does not take a record", failure);
        answers.refuse(correlationId, Refusal.Reason.UNAVAILABLE, "not possible now, register again");
    }

    /** False where the record could not be written; the member is refused then, and has been told. */
    boolean recorded(RegistrationAudited audited) {
        if (audited.failure() != null) {
            notRecorded(audited.correlationId(), audited.failure());
        }
        return audited.failure() == null;
    }
}
