package org.pairspan.kms.endpoint;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
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
import org.pairspan.kms.endpoint.LinkCommand.RegistrationRefused;
import org.pairspan.kms.endpoint.LinkCommand.Reviewed;
import org.pairspan.kms.endpoint.LinkCommand.Tick;
import org.pairspan.kms.issue.Requester;
import org.pairspan.kms.presence.MemberPresence;
import org.pairspan.kms.presence.LinkPush;
import org.pairspan.kms.presence.Push;
import org.pairspan.protocol.keyservice.MalformedMessageException;
import org.pairspan.protocol.keyservice.MemberFrame;
import org.pairspan.protocol.keyservice.Pong;
import org.pairspan.protocol.keyservice.Refusal;
import org.pairspan.protocol.keyservice.Register;
import org.pairspan.protocol.keyservice.Registered;
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
    private final MemberConnections<ActorRef<LinkCommand>> connections;
    private final TimerScheduler<LinkCommand> timers;
    private final PushedFrames pushed;
    private final LinkRecords records;
    private final RequestWindow window;
    private State state = State.OPENING;
    private LinkOutput output;
    private LinkAnswers answers;
    private Registration registration;
    private MemberRequests requests;
    private Peer peer;
    private Requester requester;
    private long incarnation;
    private LinkPresence presence;

    private MemberLink(ActorContext<LinkCommand> context, TimerScheduler<LinkCommand> timers, LinkServices services,
            MemberConnections<ActorRef<LinkCommand>> connections) {
        super(context);
        this.services = services;
        this.connections = connections;
        this.timers = timers;
        pushed = new PushedFrames(services);
        records = new LinkRecords(services.audit(), services.clock());
        window = new RequestWindow(services.limits().maxOutstandingRequests());
        timers.startSingleTimer(Tick.REGISTRATION_OVERDUE, services.limits().registrationTimeout());
    }

    static Behavior<LinkCommand> create(LinkServices services, MemberConnections<ActorRef<LinkCommand>> connections) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new MemberLink(context, timers, services, connections)));
    }

    @Override
    public Receive<LinkCommand> createReceive() {
        return newReceiveBuilder()
                .onMessage(Connected.class, this::onConnected)
                .onMessage(Authenticated.class, this::onAuthenticated)
                .onMessage(FramesBegin.class, begin -> {
                    window.acknowledge(begin.acknowledge());
                    return this;
                })
                .onMessage(Received.class, this::onReceived)
                .onMessage(DirectoryAnswered.class, this::onDirectoryAnswered)
                .onMessage(RegistrationAudited.class, this::onRegistrationAudited)
                .onMessage(RegistrationRefused.class, refused -> {
                    registration.refused(refused);
                    output.close();
                    return this;
                })
                .onMessage(KeyAnswered.class, answered -> {
                    requests.answered(answered);
                    return this;
                })
                .onMessage(LinkCommand.MemberRevoked.class, this::onMemberRevoked)
                .onMessage(MismatchAudited.class, this::onMismatchAudited)
                .onMessage(Pushed.class, this::onPushed)
                .onMessage(PolicyChangedHere.class, this::onPolicyChangedHere)
                .onMessage(Reviewed.class, reviewed -> {
                    requests.reviewed(reviewed, requester);
                    return this;
                })
                .onMessage(Tick.class, this::onTick)
                .onMessage(Ended.class, this::onEnded)
                .onSignal(PostStop.class, signal -> onStopped())
                .build();
    }

    private Behavior<LinkCommand> onConnected(Connected connected) {
        output = connected.output();
        answers = new LinkAnswers(output, services.counters());
        registration = new Registration(getContext(), services, answers, records);
        requests = new MemberRequests(getContext(), services, answers, records, window);
        window.open();
        return this;
    }

    private Behavior<LinkCommand> onAuthenticated(Authenticated authenticated) {
        peer = authenticated.peer();
        connections.enter(peer.id(), getContext().getSelf()).ifPresent(oldest -> oldest.tell(Tick.SURPLUS));
        become(State.UNREGISTERED);
        return this;
    }

    private Behavior<LinkCommand> onReceived(Received received) {
        if (state == State.REGISTERED) {
            timers.startSingleTimer(Tick.SILENT, services.limits().idleTimeout());
        }
        switch (received.incoming()) {
            case Incoming.Bad bad -> malformed(0, bad.why());
            case Incoming.Good good -> onFrame(good.frame());
        }
        window.acknowledge(received.acknowledge());
        return this;
    }

    private void onFrame(MemberFrame frame) {
        try {
            switch (state) {
                case OPENING, REGISTERING -> throw new MalformedMessageException("a frame before the answer to the registration");
                case UNREGISTERED -> {
                    if (!frame.hasRegister()) {
                        throw new MalformedMessageException("the first frame of a connection must be Register");
                    }
                    register(frame.getCorrelationId(), frame.getRegister());
                }
                case REGISTERED -> {
                    switch (frame.getBodyCase()) {
                        case REGISTER -> register(frame.getCorrelationId(), frame.getRegister());
                        case KEY_REQUEST -> requests.key(frame.getCorrelationId(), peer, requester, frame.getKeyRequest());
                        case POLICY_REVIEW -> requests.review(frame.getCorrelationId(), requester, frame.getPolicyReview());
                        case INSTALL_ACK -> pushed.acknowledged(frame.getCorrelationId(), frame.getInstallAck());
                        case PING -> answers.send(LinkAnswers.to(frame.getCorrelationId()).setPong(Pong.getDefaultInstance()));
                        case BODY_NOT_SET -> throw new MalformedMessageException("a frame without a body");
                    }
                }
            }
        } catch (MalformedMessageException e) {
            malformed(frame.getCorrelationId(), e.getMessage());
        }
    }

    private void register(long correlationId, Register register) throws MalformedMessageException {
        if (!register.getMemberId().equals(peer.id())) {
            requests.mismatch(correlationId, peer, register.getMemberId());
            return;
        }
        if (state == State.REGISTERED && register.getIncarnation() != incarnation) {
            throw new MalformedMessageException("a connection serves one incarnation");
        }
        incarnation = register.getIncarnation();
        registration.begin(correlationId, peer, register, presence == null);
        become(State.REGISTERING);
    }

    private Behavior<LinkCommand> onDirectoryAnswered(DirectoryAnswered answered) {
        if (!registration.proceed(peer, answered)) {
            output.close();
        }
        return this;
    }

    private Behavior<LinkCommand> onRegistrationAudited(RegistrationAudited audited) {
        if (!registration.recorded(audited)) {
            output.close();
            return this;
        }
        requester = new Requester(audited.reply().entry(), incarnation, peer.from());
        become(State.REGISTERED);
        if (presence == null) {
            timers.cancel(Tick.REGISTRATION_OVERDUE);
            timers.startSingleTimer(Tick.SILENT, services.limits().idleTimeout());
            timers.startTimerWithFixedDelay(Tick.ANNOUNCE, MemberPresence.ANNOUNCE_EVERY);
            presence = new LinkPresence(getContext(), services, requester);
            presence.begin();
        } else {
            presence.change(requester);
        }
        answers.send(LinkAnswers.to(audited.correlationId()).setRegistered(Registered.newBuilder()
                .setMemberNumber(requester.entry().number()).setPolicyVersion(Math.max(0, services.policy().version()))));
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

    private Behavior<LinkCommand> onPolicyChangedHere(PolicyChangedHere changed) {
        if (state == State.REGISTERED) {
            PushedFrames.policyChanged(changed.version(), output::send);
        }
        return this;
    }

    private Behavior<LinkCommand> onMismatchAudited(MismatchAudited audited) {
        requests.mismatchAudited(audited);
        if (state != State.REGISTERED || !audited.recorded()) {
            output.close();
        }
        return this;
    }

    private Behavior<LinkCommand> onPushed(Pushed received) {
        switch (received.push()) {
            case LinkPush.OfNewerLink newer -> presence.giveWay(newer);
            case LinkPush.ForMember push when state == State.REGISTERED && push.incarnation() == incarnation -> pushed.send(push, output::send);
            case LinkPush.ForMember push -> push.replyTo().tell(new Push.Outcome(false, "the member runs as another process now"));
        }
        return this;
    }

    private Behavior<LinkCommand> onTick(Tick tick) {
        switch (tick) {
            case ANNOUNCE -> presence.announceOrEnd(output);
            case REGISTRATION_OVERDUE -> output.abort("not registered within " + services.limits().registrationTimeout().toMillis() + " ms");
            case SURPLUS -> output.abort("its member has opened too many newer ones");
            case SILENT -> output.abort("silent for " + services.limits().idleTimeout().toMillis() + " ms");
        }
        return this;
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
        if (presence != null) {
            presence.end();
        }
        if (peer != null) {
            connections.leave(peer.id(), getContext().getSelf());
        }
        return this;
    }

    private void malformed(long correlationId, String why) {
        LOG.info("{} broke the rules of the member link: {}", peer == null ? "a connection" : peer.id(), why);
        answers.refuse(correlationId, Refusal.Reason.MALFORMED, why);
        output.close();
    }

    private void become(State next) {
        LOG.debug("{}: {} -> {}", peer.id(), state, next);
        state = next;
    }
}
