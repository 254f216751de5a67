package org.pairspan.kms.directory;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.pairspan.kms.cluster.ClusterMessage;

/** What the directory is told and asked about members that lose their right to keys. */
public sealed interface RevocationCommand extends Directory.Command {

    /** Revoke a member, known or not. Answered with what is stored: the first revocation of an id stays. */
    record Revoke(String memberId, String reason, long atMs, ActorRef<Revocation> replyTo) implements RevocationCommand {
    }

    /** The revocations after the first so many, oldest first. */
    record ListAfter(int known, ActorRef<Revocations> replyTo) implements RevocationCommand {
    }

    /** Answer to {@link ListAfter}: at most {@link #MOST} at a time. */
    record Revocations(List<Revocation> list) implements ClusterMessage {

        /** Revocations in one answer. */
        static final int MOST = 1_000;

        public Revocations {
            list = List.copyOf(list);
        }
    }
}
