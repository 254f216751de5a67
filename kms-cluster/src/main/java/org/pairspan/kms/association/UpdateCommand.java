package org.pairspan.kms.association;

import org.apache.pekko.actor.typed.ActorRef;
import org.pairspan.kms.association.UpdateSteps.Outcome;
import org.pairspan.kms.association.UpdateSteps.Ready;
import org.pairspan.kms.association.UpdateSteps.Step;
import org.pairspan.kms.cluster.ClusterMessage;
import org.pairspan.kms.pairkey.PairId;

/** What an association is told about the update of its pair's key. */
public sealed interface UpdateCommand extends Association.Command {

    /**
     * Bring the pair's key to a new version. May come again at any time: an update under way goes on, and tells the last who asked.
     *
     * @param olderThanMs a version that came into use at this time (ms since 1970) or later is new enough
     */
    record Start(PairId pair, long olderThanMs, ActorRef<Reply> replyTo) implements UpdateCommand, ClusterMessage {
    }

    /** Answer to {@link Start}. */
    sealed interface Reply extends ClusterMessage {

        /** Which pair's. */
        PairId pair();
    }

    /** The update has ended well; this version is in use at both, and the one before at neither. */
    record Updated(PairId pair, int version) implements Reply {
    }

    /** Nothing was to be done: the version is new enough, or no association was ever given (version 0). */
    record NotNeeded(PairId pair, int version) implements Reply {
    }

    /** Nothing has changed at either: not now, and why. */
    record NotNow(PairId pair, String why) implements Reply {
    }

    /** There will be no update, because the two may not share keys; why, for operators. */
    record NotAllowed(PairId pair, String why) implements Reply {
    }

    /** The update goes on; {@code phase} says where it is. */
    record UnderWay(PairId pair, String phase) implements Reply {
    }

    /** What {@link UpdateSteps#begin} came to. */
    record Begun(Ready ready, Throwable failure) implements UpdateCommand {
    }

    /** A step was taken towards both members; {@code failure} where the pair's key did not follow. */
    record Stepped(Step step, int version, Outcome low, Outcome high, Throwable failure) implements UpdateCommand {
    }

    /** The past version of the pair's key is gone, or could not be told to go. */
    record KeyRetired(int version, Throwable failure) implements UpdateCommand {
    }

    /** A member that was away has another link now; without {@code connected} it has got none within the pause. */
    record Back(String member, boolean connected) implements UpdateCommand {
    }

    /** Time has passed. */
    enum Tick implements UpdateCommand {
        GO_ON, GRACE_OVER
    }
}
