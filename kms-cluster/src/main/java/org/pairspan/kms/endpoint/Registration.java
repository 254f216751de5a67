package org.pairspan.kms.endpoint;

import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.pairspan.kms.directory.Directory;
import org.pairspan.kms.endpoint.LinkCommand.DirectoryAnswered;
import org.pairspan.kms.endpoint.LinkCommand.RegistrationAudited;
import org.pairspan.protocol.keyservice.Refusal;
import org.pairspan.protocol.keyservice.Register;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a member from its Register to its entry in the directory: asked first, audited next, answered last. Used by the link's thread. */
final class Registration {

    private static final Logger LOG = LoggerFactory.getLogger(Registration.class);

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

    /** Asks the directory; the link is told by {@link DirectoryAnswered}. */
    void begin(long correlationId, Peer peer, Register register) throws MalformedFrameException {
        Directory.Register command = new Directory.Register(peer.id(), Frames.bearer(register), Frames.prefixes(register), peer.granted(),
                Frames.suites(register), null);
        link.pipeToSelf(Directory.of(services.sharding()).<Directory.RegisterReply>ask(command::answerTo,
                services.limits().requestTimeout()), (reply, failure) -> new DirectoryAnswered(correlationId, reply, failure));
    }

    /**
     * Has the directory's word recorded; the link is told by {@link RegistrationAudited}.
     *
     * @return false where the member was refused, and has been told
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
            case Directory.Registered registered -> {
                link.pipeToSelf(records.registered(peer, registered.entry()),
                        (done, failure) -> new RegistrationAudited(answered.correlationId(), registered, failure));
                return true;
            }
            case Directory.PrefixRefused refused -> {
                records.registrationRefused(peer, refused.detail());
                answers.refuse(answered.correlationId(), Refusal.Reason.PREFIX_REFUSED, refused.detail());
            }
            case Directory.RegistrationRevoked gone -> {
                records.registrationRefused(peer, "the member is revoked");
                answers.refuse(answered.correlationId(), Refusal.Reason.MEMBER_REVOKED, "you are revoked");
            }
            case Directory.NumbersExhausted none -> {
                records.registrationRefused(peer, "no member number is left");
                answers.refuse(answered.correlationId(), Refusal.Reason.UNAVAILABLE, "the service takes no more members");
            }
        }
        return false;
    }

    /** False where the record could not be written; the member is refused then, and has been told. */
    boolean recorded(RegistrationAudited audited) {
        if (audited.failure() != null) {
            LOG.error("audit log does not take a record", audited.failure());
            answers.refuse(audited.correlationId(), Refusal.Reason.UNAVAILABLE, "not possible now, register again");
        }
        return audited.failure() == null;
    }
}
