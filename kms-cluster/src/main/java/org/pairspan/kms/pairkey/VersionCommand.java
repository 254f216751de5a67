package org.pairspan.kms.pairkey;

import org.apache.pekko.actor.typed.ActorRef;
import org.pairspan.kms.cluster.ClusterMessage;

/** What a pair key is told about its versions by whoever leads the pair's update. All of them may come twice. */
public sealed interface VersionCommand extends PairKey.Command, ClusterMessage {

    /** The key of one version. Answered with {@link PairKey.Key}, or {@link PairKey.Unavailable} where it is not there. */
    record Get(PairId pair, int version, ActorRef<PairKey.Reply> replyTo) implements VersionCommand {
    }

    /** Make the next version, not in use yet, in place of one that was prepared before. Answered as {@link PairKey.GetOrCreate} is. */
    record Prepare(PairId pair, ActorRef<PairKey.Reply> replyTo) implements VersionCommand {
    }

    /** This prepared version is the one in use from now on; done, too, where the pair's keys are destroyed. */
    record Activate(PairId pair, int version, ActorRef<Done> replyTo) implements VersionCommand {
    }

    /** Forget a version that is not the current one. */
    record Retire(PairId pair, int version, ActorRef<Done> replyTo) implements VersionCommand {
    }

    /** Forget every version, for good. */
    record Destroy(PairId pair, ActorRef<Done> replyTo) implements VersionCommand {
    }

    /** It is so, and stored; {@code false} where it cannot be: the version is not there, or is the current one. */
    record Done(boolean done) implements ClusterMessage {
    }
}
