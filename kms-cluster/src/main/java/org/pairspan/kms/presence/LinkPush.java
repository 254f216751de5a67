package org.pairspan.kms.presence;

import org.apache.pekko.actor.typed.ActorRef;
import org.pairspan.kms.cluster.ClusterMessage;

/** What is sent to the link of a member. */
public sealed interface LinkPush extends ClusterMessage permits LinkPush.ForMember, LinkPush.OfNewerLink {

    /** To be told to the member. */
    sealed interface ForMember extends LinkPush permits Push, Prepare, Step {

        /** The process it is for; a link of another refuses. */
        long incarnation();

        /** Told what came of it. */
        ActorRef<Push.Outcome> replyTo();
    }

    /** To the link alone. */
    sealed interface OfNewerLink extends LinkPush permits Superseded, StandDown {
    }

    /** Another link, a newer one, serves the member now. */
    record Superseded() implements OfNewerLink {
    }

    /** Another link is about to serve the member, perhaps with other prefixes: what is known of them here counts no more, which is to be confirmed. */
    record StandDown(ActorRef<MemberPresence.StoodDown> replyTo) implements OfNewerLink {
    }

    /** Install this association to receive; nothing is sent under it yet (KS-8). */
    record Prepare(long incarnation, Handout handout, ActorRef<Push.Outcome> replyTo) implements ForMember {
    }

    /**
     * Take the next step of an update.
     *
     * @param step       wire number of the step
     * @param peerNumber the other member's number
     * @param generation the first generation of the new version
     */
    record Step(long incarnation, int step, int peerNumber, long generation, int keyVersion, ActorRef<Push.Outcome> replyTo)
            implements ForMember {
    }
}
