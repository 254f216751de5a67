package org.pairspan.kms.presence;

import org.apache.pekko.actor.typed.ActorRef;
import org.pairspan.kms.cluster.ClusterMessage;

/**
 * Sent to the link of a member: install this association there and say when it is done.
 *
 * @param incarnation the process it was recorded for; a link of another refuses
 */
public record Push(long incarnation, Handout handout, ActorRef<Push.Outcome> replyTo) implements LinkPush.ForMember {

    /** Whether the member installed it; {@code reason} says why not. */
    public record Outcome(boolean installed, String reason) implements ClusterMessage {
    }
}
