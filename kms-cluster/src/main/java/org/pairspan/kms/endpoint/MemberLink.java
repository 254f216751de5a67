package org.pairspan.kms.endpoint;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.pairspan.kms.audit.AuditRecord;
import org.pairspan.kms.directory.Directory;
import org.pairspan.kms.directory.Revocation;
import org.pairspan.kms.endpoint.LinkCommand.Authenticated;
import org.pairspan.kms.endpoint.LinkCommand.Connected;
import org.pairspan.kms.endpoint.LinkCommand.DirectoryAnswered;
import org.pairspan.kms.endpoint.LinkCommand.Ended;
import org.pairspan.kms.endpoint.LinkCommand.FramesBegin;
import org.pairspan.kms.endpoint.LinkCommand.Incoming;
import org.pairspan.kms.endpoint.LinkCommand.KeyAnswered;
import org.pairspan.kms.endpoint.LinkCommand.MismatchAudited;
import org.pairspan.kms.endpoint.LinkCommand.PolicyChangedHere;
import org.pairspan.kms.endpoint.LinkCommand.Pushed;
import org.pairspan.kms.endpoint.LinkCommand.Received;
import org.pairspan.kms.endpoint.LinkCommand.RegistrationAudited;
import org.pairspan.kms.endpoint.LinkCommand.Reviewed;
import org.pairspan.kms.endpoint.LinkCommand.Tick;
import org.pairspan.kms.issue.Answer;
import org.pairspan.kms.issue.Requester;
import org.pairspan.kms.issue.Wanted;
import org.pairspan.kms.policy.keeping.PolicyAdopted;
import org.pairspan.kms.presence.Handout;
import org.pairspan.kms.presence.MemberPresence;
import org.pairspan.kms.presence.LinkPush;
import org.pairspan.kms.presence.Push;
import org.pairspan.protocol.keyservice.KeyGrant;
import org.pairspan.protocol.keyservice.KeyRequest;
import org.pairspan.protocol.keyservice.MemberFrame;
import org.pairspan.protocol.keyservice.PolicyChanged;
import org.pairspan.protocol.keyservice.PolicyReview;
import org.pairspan.protocol.keyservice.Pong;
import org.pairspan.protocol.keyservice.Refusal;
import org.pairspan.protocol.keyservice.Register;
import org.pairspan.protocol.keyservice.Registered;
import org.pairspan.protocol.keyservice.ServiceFrame;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of a member. States: <em>opening</em>, until the handshake has told who it is; <em>unregistered</em>, where only Register is
 * heard; <em>registering</em>, while the directory is asked; <em>registered</em>. A frame is acknowledged to the stream when it has been
 * dealt with or, for a key request, when there is room for one more: past that the member waits in TCP.
 */
final class MemberLink extends AbstractBehavior<LinkCommand> {

    private enum State {
        OPENING, UNREGISTERED, REGISTERING, REGISTERED
    }

    private static final Logger LOG = LoggerFactory.getLogger(MemberLink.class);

    private final LinkServices services;
    private final TimerScheduler<LinkCommand> timers;
    private final ActorRef<LinkPush> pushes;
    private final ActorRef<PolicyAdopted> policyChanges;
    private final PushedFrames pushed;
    private final Consumer<Revocation> revocations;
    private State state = State.OPENING;
    private LinkOutput output;
    private Peer peer;
    private Requester requester;
    private long incarnation;
    private long registeredAt;
    private int outstanding;
    private ActorRef<Done> withheld;

    private MemberLink(ActorContext<LinkCommand> context, TimerScheduler<LinkCommand> timers, LinkServices services) {
        super(context);
        this.services = services;
        this.timers = timers;
        pushes = context.messageAdapter(LinkPush.class, Pushed::new);
        policyChanges = context.messageAdapter(PolicyAdopted.class, adopted -> new PolicyChangedHere(adopted.version()));
        pushed = new PushedFrames(services);
        ActorRef<LinkCommand> self = context.getSelf();
        revocations = revocation -> self.tell(new LinkCommand.MemberRevoked(revocation));
        timers.startSingleTimer(Tick.REGISTRATION_OVERDUE, services.limits().registrationTimeout());
    }

    static Behavior<LinkCommand> create(LinkServices services) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new MemberLink(context, timers, services)));
    }

    @Override
    public Receive<LinkCommand> createReceive() {
        return newReceiveBuilder()
                .onMessage(Connected.class, this::onConnected)
                .onMessage(Authenticated.class, this::onAuthenticated)
                .onMessage(FramesBegin.class, this::onFramesBegin)
                .onMessage(Received.class, this::onReceived)
                .onMessage(DirectoryAnswered.class, this::onDirectoryAnswered)
                .onMessage(RegistrationAudited.class, this::onRegistrationAudited)
                .onMessage(KeyAnswered.class, this::onKeyAnswered)
                .onMessage(LinkCommand.MemberRevoked.class, this::onMemberRevoked)
                .onMessage(MismatchAudited.class, this::onMismatchAudited)
                .onMessage(Pushed.class, this::onPushed)
                .onMessage(PolicyChangedHere.class, this::onPolicyChangedHere)
                .onMessage(Reviewed.class, this::onReviewed)
                .onMessage(Tick.class, this::onTick)
                .onMessage(Ended.class, this::onEnded)
                .onSignal(PostStop.class, signal -> onStopped())
                .build();
    }

    private Behavior<LinkCommand> onConnected(Connected connected) {
        output = connected.output();
        return letFramesBegin();
    }

    private Behavior<LinkCommand> onAuthenticated(Authenticated authenticated) {
        peer = authenticated.peer();
        become(State.UNREGISTERED);
        return this;
    }

    private Behavior<LinkCommand> onFramesBegin(FramesBegin begin) {
        withheld = begin.acknowledge();
        return letFramesBegin();
    }

    /** No frame is heard before it could be answered. */
    private Behavior<LinkCommand> letFramesBegin() {
        if (output != null && withheld != null) {
            acknowledgeWithheld();
        }
        return this;
    }

    private void acknowledgeWithheld() {
        withheld.tell(Done.getInstance());
        withheld = null;
    }

    private Behavior<LinkCommand> onReceived(Received received) {
        if (state == State.REGISTERED) {
            timers.startSingleTimer(Tick.SILENT, services.limits().idleTimeout());
        }
        switch (received.incoming()) {
            case Incoming.Bad bad -> malformed(0, bad.why());
            case Incoming.Good good -> onFrame(good.frame());
        }
        if (outstanding < services.limits().maxOutstandingRequests()) {
            received.acknowledge().tell(Done.getInstance());
        } else {
            withheld = received.acknowledge();
        }
        return this;
    }

    private void onFrame(MemberFrame frame) {
        try {
            switch (state) {
                case OPENING, REGISTERING -> throw new MalformedFrameException("a frame before the answer to the registration");
                case UNREGISTERED -> {
                    if (!frame.hasRegister()) {
                        throw new MalformedFrameException("the first frame of a connection must be Register");
                    }
                    register(frame.getCorrelationId(), frame.getRegister());
                }
                case REGISTERED -> {
                    switch (frame.getBodyCase()) {
                        case REGISTER -> register(frame.getCorrelationId(), frame.getRegister());
                        case KEY_REQUEST -> request(frame.getCorrelationId(), frame.getKeyRequest());
                        case POLICY_REVIEW -> review(frame.getCorrelationId(), frame.getPolicyReview());
                        case INSTALL_ACK -> pushed.acknowledged(frame.getCorrelationId(), frame.getInstallAck());
                        case PING -> output.send(answer(frame.getCorrelationId()).setPong(Pong.getDefaultInstance()).build());
                        case BODY_NOT_SET -> throw new MalformedFrameException("a frame without a body");
                    }
                }
            }
        } catch (MalformedFrameException e) {
            malformed(frame.getCorrelationId(), e.getMessage());
        }
    }

    private void register(long correlationId, Register register) throws MalformedFrameException {
        if (!register.getMemberId().equals(peer.id())) {
            mismatch(correlationId, register.getMemberId());
            return;
        }
        if (state == State.REGISTERED && register.getIncarnation() != incarnation) {
            throw new MalformedFrameException("a connection serves one incarnation");
        }
        incarnation = register.getIncarnation();
        Directory.Register command = new Directory.Register(peer.id(), Frames.bearer(register), Frames.prefixes(register), peer.granted(),
                Frames.suites(register), null);
        become(State.REGISTERING);
        getContext().pipeToSelf(Directory.of(services.sharding()).<Directory.RegisterReply>ask(command::answerTo,
                services.limits().requestTimeout()), (reply, failure) -> new DirectoryAnswered(correlationId, reply, failure));
    }

    private Behavior<LinkCommand> onDirectoryAnswered(DirectoryAnswered answered) {
        if (answered.failure() != null) {
            LOG.info("registration of {} failed: {}", peer.id(), answered.failure().toString());
            refuse(answered.correlationId(), Refusal.Reason.UNAVAILABLE, "not possible now, register again");
            output.close();
            return this;
        }
        if (!services.standing().holds()) {
            refuse(answered.correlationId(), Refusal.Reason.UNAVAILABLE, services.standing().trouble());
            output.close();
            return this;
        }
        Directory.Registered registered = switch (answered.reply()) {
            case Directory.Registered success -> success;
            case Directory.PrefixRefused refused -> {
                auditRefusal("refused: " + refused.detail());
                refuse(answered.correlationId(), Refusal.Reason.PREFIX_REFUSED, refused.detail());
                yield null;
            }
            case Directory.RegistrationRevoked gone -> {
                auditRefusal("refused: the member is revoked");
                refuse(answered.correlationId(), Refusal.Reason.MEMBER_REVOKED, "you are revoked");
                yield null;
            }
            case Directory.NumbersExhausted none -> {
                auditRefusal("refused: no member number is left");
                refuse(answered.correlationId(), Refusal.Reason.UNAVAILABLE, "the service takes no more members");
                yield null;
            }
        };
        if (registered == null) {
            output.close();
        } else {
            getContext().pipeToSelf(audit(AuditRecord.Event.REGISTER, "registered as number " + registered.entry().number()),
                    (done, failure) -> new RegistrationAudited(answered.correlationId(), registered, failure));
        }
        return this;
    }

    private Behavior<LinkCommand> onRegistrationAudited(RegistrationAudited audited) {
        if (audited.failure() != null) {
            LOG.error("audit log does not take a record", audited.failure());
            refuse(audited.correlationId(), Refusal.Reason.UNAVAILABLE, "not possible now, register again");
            output.close();
            return this;
        }
        boolean first = requester == null;
        requester = new Requester(audited.reply().entry(), incarnation, peer.from());
        become(State.REGISTERED);
        if (first) {
            registeredAt = services.clock().millis();
            services.counters().registeredLinks.increment();
            timers.cancel(Tick.REGISTRATION_OVERDUE);
            timers.startSingleTimer(Tick.SILENT, services.limits().idleTimeout());
            timers.startTimerWithFixedDelay(Tick.ANNOUNCE, MemberPresence.ANNOUNCE_EVERY);
            getContext().getSystem().eventStream().tell(new EventStream.Subscribe<>(PolicyAdopted.class, policyChanges));
            announce();
            services.revoked().listen(revocations);
        }
        output.send(answer(audited.correlationId())
                .setRegistered(Registered.newBuilder().setMemberNumber(requester.entry().number())
                        .setPolicyVersion(Math.max(0, services.policy().version()))).build());
        // After it listens, so that none is missed; a member that hears of one twice does nothing the second time.
        PushedFrames.revoke(services.revoked().numbers(), output::send);
        return services.revoked().has(peer.id()) ? closeRevoked() : this;
    }

    private Behavior<LinkCommand> onMemberRevoked(LinkCommand.MemberRevoked revoked) {
        if (revoked.revocation().memberId().equals(peer.id())) {
            return closeRevoked();
        }
        if (revoked.revocation().number() > 0) {
            PushedFrames.revoke(List.of(revoked.revocation().number()), output::send);
        }
        return this;
    }

    private Behavior<LinkCommand> closeRevoked() {
        LOG.warn("the link of {} is closed: it is revoked", peer.id());
        output.abort("the member is revoked");
        return this;
    }

    private void request(long correlationId, KeyRequest request) throws MalformedFrameException {
        if (!request.getMemberId().equals(peer.id())) {
            mismatch(correlationId, request.getMemberId());
            return;
        }
        if (request.getIncarnation() != incarnation) {
            throw new MalformedFrameException("a connection serves one incarnation");
        }
        Wanted wanted = Frames.wanted(request);
        outstanding++;
        getContext().pipeToSelf(services.issuer().issue(requester, wanted),
                (answer, never) -> new KeyAnswered(correlationId, answer));
    }

    private void grant(long correlationId, Handout handout) {
        boolean sent = services.sendAssociation(handout, association -> output.send(
                answer(correlationId).setKeyGrant(KeyGrant.newBuilder().setAssociation(association)).build()));
        if (!sent) {
            refuse(correlationId, Refusal.Reason.UNAVAILABLE, "not possible now, ask again");
        }
    }

    private Behavior<LinkCommand> onKeyAnswered(KeyAnswered answered) {
        switch (answered.answer()) {
            case Answer.Granted granted -> grant(answered.correlationId(), granted.handout());
            case Answer.Refused refused -> output.send(answer(answered.correlationId()).setRefusal(
                    Refusal.newBuilder().setReason(refused.reason()).setDetail(refused.detail())).build());
        }
        answeredOne();
        return this;
    }

    private Behavior<LinkCommand> onPolicyChangedHere(PolicyChangedHere changed) {
        if (state == State.REGISTERED) {
            output.send(ServiceFrame.newBuilder().setPolicyChanged(PolicyChanged.newBuilder().setPolicyVersion(changed.version())).build());
        }
        return this;
    }

    private void review(long correlationId, PolicyReview review) throws MalformedFrameException {
        outstanding++;
        getContext().pipeToSelf(new PolicyReviews(services).verdict(requester, review),
                (verdict, failure) -> new Reviewed(correlationId, verdict, failure));
    }

    private Behavior<LinkCommand> onReviewed(Reviewed reviewed) {
        if (reviewed.failure() == null) {
            output.send(answer(reviewed.correlationId()).setPolicyVerdict(reviewed.verdict()).build());
        } else {
            LOG.info("what {} holds can't be reviewed now: {}", peer.id(), reviewed.failure().toString());
            refuse(reviewed.correlationId(), Refusal.Reason.UNAVAILABLE, "not possible now, ask again");
        }
        answeredOne();
        return this;
    }

    private void answeredOne() {
        outstanding--;
        if (withheld != null) {
            acknowledgeWithheld();
        }
    }

    /**
     * KS-4: asked with another's id. Refused, and audited before the answer goes out. It counts as a request, so that one member can't
     * fill the audit log's queue, without which nobody gets a key.
     */
    private void mismatch(long correlationId, String claimed) {
        LOG.warn("{} at {} claimed to be another member", peer.id(), peer.from());
        String shown = claimed.length() <= 63 ? claimed : claimed.substring(0, 63) + '…';
        outstanding++;
        getContext().pipeToSelf(audit(AuditRecord.Event.IDENTITY_MISMATCH, "refused: claimed to be " + shown),
                (done, failure) -> new MismatchAudited(correlationId, failure));
    }

    private Behavior<LinkCommand> onMismatchAudited(MismatchAudited audited) {
        if (audited.failure() != null) {
            LOG.error("audit log does not take a record", audited.failure());
        }
        refuse(audited.correlationId(), Refusal.Reason.IDENTITY_MISMATCH, "the certificate names another member");
        if (state != State.REGISTERED) {
            output.close();
        }
        answeredOne();
        return this;
    }

    private Behavior<LinkCommand> onPushed(Pushed received) {
        LinkPush push = received.push();
        if (state == State.REGISTERED && push.incarnation() == incarnation) {
            pushed.send(push, output::send);
        } else {
            push.replyTo().tell(new Push.Outcome(false, "the member runs as another process now"));
        }
        return this;
    }

    private Behavior<LinkCommand> onTick(Tick tick) {
        switch (tick) {
            case ANNOUNCE -> announceOrEnd();
            case REGISTRATION_OVERDUE -> output.abort("not registered within " + text(services.limits().registrationTimeout()));
            case SILENT -> output.abort("silent for " + text(services.limits().idleTimeout()));
        }
        return this;
    }

    /** A server that may not answer sends its members to others. */
    private void announceOrEnd() {
        if (services.standing().holds()) {
            announce();
        } else {
            output.abort(services.standing().trouble());
        }
    }

    private void announce() {
        MemberPresence.of(services.sharding(), peer.id())
                .tell(new MemberPresence.Announce(peer.id(), incarnation, registeredAt, pushes));
    }

    private Behavior<LinkCommand> onEnded(Ended ended) {
        if (peer == null) {
            services.counters().failedHandshakes.increment();
            LOG.info("a connection ended before it was authenticated: {}", String.valueOf(ended.why()));
        } else if (ended.why() != null) {
            LOG.info("the link of {} broke off: {}", peer.id(), ended.why().toString());
        }
        return Behaviors.stopped();
    }

    private Behavior<LinkCommand> onStopped() {
        if (output != null) {
            output.close();
        }
        if (requester != null) {
            services.revoked().ignore(revocations);
            services.counters().registeredLinks.decrement();
            MemberPresence.of(services.sharding(), peer.id()).tell(new MemberPresence.Withdraw(peer.id(), pushes));
        }
        return this;
    }

    private void malformed(long correlationId, String why) {
        LOG.info("{} broke the rules of the member link: {}", peer == null ? "a connection" : peer.id(), why);
        refuse(correlationId, Refusal.Reason.MALFORMED, why);
        output.close();
    }

    private void refuse(long correlationId, Refusal.Reason reason, String detail) {
        services.counters().refused(reason);
        output.send(answer(correlationId).setRefusal(Refusal.newBuilder().setReason(reason).setDetail(detail)).build());
    }

    private CompletionStage<Void> audit(AuditRecord.Event event, String result) {
        return services.audit().write(
                new AuditRecord(services.clock().instant(), event, peer.id(), null, 0, 0, peer.from(), result));
    }

    /** A registration that is refused anyway does not wait for its record. */
    private void auditRefusal(String result) {
        audit(AuditRecord.Event.REGISTER, result).exceptionally(failure -> {
            LOG.error("audit log does not take a record", failure);
            return null;
        });
    }

    private void become(State next) {
        LOG.debug("{}: {} -> {}", peer.id(), state, next);
        state = next;
    }

    private static ServiceFrame.Builder answer(long correlationId) {
        return ServiceFrame.newBuilder().setCorrelationId(correlationId);
    }

    private static String text(Duration duration) {
        return duration.toMillis() + " ms";
    }
}
