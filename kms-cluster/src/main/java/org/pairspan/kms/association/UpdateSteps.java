package org.pairspan.kms.association;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.pairspan.kms.pairkey.PairId;

/**
 * What the update of a pair's key does around the pair: to the pair's key, to its members, in the audit log. Any thread. Nothing blocks,
 * and every stage completes within a time limit of its own. Every step may be taken twice.
 */
public interface UpdateSteps {

    /** A step towards a member. */
    enum Step {
        PREPARE, ACTIVATE, RETIRE, ROLL_BACK
    }

    /** What a step led to at a member. */
    enum Outcome {
        /** Acknowledged. */
        DONE,
        /** The member is not connected, or did not answer. */
        AWAY,
        /** The member cannot, or may not be told. */
        REFUSED,
        /** The member runs as another process than the one that was meant: it holds nothing of what that one had. */
        OTHER_PROCESS,
        /** One of the two has lost its right to keys: its peers have been told to close all that they share with it. */
        REVOKED
    }

    /** Both members are there as these processes, and the next version of their key is made and stored. */
    record Ready(int version, long lowIncarnation, long highIncarnation) {
    }

    /**
     * Begins; fails with {@link NotReadyException} where that cannot be now, because a member is not connected, and with
     * {@link NotAllowedException} where the two may not share keys.
     */
    CompletionStage<Ready> begin(PairId pair);

    /** Takes a step towards a member. */
    CompletionStage<Outcome> towards(String member, Step step, Generation next);

    /** Whether a member gets another link than it has now before this time is over; completes then. */
    CompletionStage<Boolean> connectsWithin(String member, Duration time);

    /** The pair's key has this version in use; fails where that cannot be stored. */
    CompletionStage<Void> activateKey(PairId pair, int version);

    /** A version of the pair's key is gone; fails where that cannot be stored. */
    CompletionStage<Void> retireKey(PairId pair, int version);

    /** Why there will be no update, for operators. */
    final class NotAllowedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        /** Without a stack trace. */
        public NotAllowedException(String why) {
            super(why, null, false, false);
        }
    }

    /** Why an update cannot begin now, for operators. */
    final class NotReadyException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        /** Without a stack trace. */
        public NotReadyException(String why) {
            super(why, null, false, false);
        }
    }
}
