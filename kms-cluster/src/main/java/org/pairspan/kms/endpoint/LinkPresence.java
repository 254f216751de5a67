package org.pairspan.kms.endpoint;

import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.pairspan.kms.directory.Revocation;
import org.pairspan.kms.endpoint.LinkCommand.MemberRevoked;
import org.pairspan.kms.endpoint.LinkCommand.PolicyChangedHere;
import org.pairspan.kms.endpoint.LinkCommand.Pushed;
import org.pairspan.kms.issue.Requester;
import org.pairspan.kms.policy.keeping.PolicyAdopted;
import org.pairspan.kms.presence.LinkPush;
import org.pairspan.kms.presence.LinkedMember;
import org.pairspan.kms.presence.MemberPresence;

/**
 * What the service knows of a registered link: the cluster is told where the member is, and the link hears of revocations and of changes of
 * the policy. Used by the link's thread.
 */
final class LinkPresence {

    private final ActorContext<LinkCommand> link;
    private final LinkServices services;
    private final ActorRef<LinkPush> pushes;
    private final ActorRef<PolicyAdopted> policyChanges;
    private final Consumer<Revocation> revocations;
    private final long registeredAt;
    private Requester requester;
    private boolean superseded;

    /** The link is told by {@link Pushed}, {@link PolicyChangedHere} and {@link MemberRevoked}, the last two from {@link #begin} on. */
    LinkPresence(ActorContext<LinkCommand> link, LinkServices services, Requester requester) {
        this.link = link;
        this.services = services;
        this.requester = requester;
        registeredAt = services.clock().millis();
        pushes = link.messageAdapter(LinkPush.class, Pushed::new);
        policyChanges = link.messageAdapter(PolicyAdopted.class, adopted -> new PolicyChangedHere(adopted.version()));
        ActorRef<LinkCommand> self = link.getSelf();
        revocations = revocation -> self.tell(new MemberRevoked(revocation));
    }

    void begin() {
        services.counters().registeredLinks.increment();
        link.getSystem().eventStream().tell(new EventStream.Subscribe<>(PolicyAdopted.class, policyChanges));
        announce();
        services.linked().enter(linked());
        services.revoked().listen(revocations);
    }

    /** The member has registered anew over this link. */
    void change(Requester registered) {
        requester = registered;
        if (!superseded) {
            services.linked().enter(linked());
        }
    }

    /**
     * A newer link serves the member, here or at another server, or is about to. This one ends when it would announce itself, so that its
     * last answers go out.
     */
    void giveWay(LinkPush.OfNewerLink newer) {
        superseded = true;
        services.linked().leave(memberId(), pushes);
        if (newer instanceof LinkPush.StandDown(ActorRef<MemberPresence.StoodDown> replyTo)) {
            replyTo.tell(new MemberPresence.StoodDown());
        }
    }

    /** Due every {@link MemberPresence#ANNOUNCE_EVERY}. A server that may not answer sends its members to others. */
    void announceOrEnd(LinkOutput output) {
        if (!services.standing().holds()) {
            output.abort(services.standing().trouble());
        } else if (superseded) {
            output.abort("a newer connection serves the member");
        } else {
            announce();
        }
    }

    private void announce() {
        MemberPresence.of(services.sharding(), memberId())
                .tell(new MemberPresence.Announce(memberId(), requester.incarnation(), registeredAt, pushes));
    }

    void end() {
        services.linked().leave(memberId(), pushes);
        services.revoked().ignore(revocations);
        services.counters().registeredLinks.decrement();
        MemberPresence.of(services.sharding(), memberId()).tell(new MemberPresence.Withdraw(memberId(), pushes));
    }

    private LinkedMember linked() {
        return new LinkedMember(requester.entry(), requester.incarnation(), pushes);
    }

    private String memberId() {
        return requester.entry().id();
    }
}
