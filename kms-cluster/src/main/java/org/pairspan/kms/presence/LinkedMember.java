package org.pairspan.kms.presence;

import org.apache.pekko.actor.typed.ActorRef;
import org.pairspan.kms.directory.MemberEntry;

/**
 * A member that is connected.
 *
 * @param incarnation as which process
 * @param link        over which it can be told something
 */
public record LinkedMember(MemberEntry entry, long incarnation, ActorRef<LinkPush> link) {
}
