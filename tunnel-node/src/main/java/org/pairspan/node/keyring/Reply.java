package org.pairspan.node.keyring;

import java.util.List;
import java.util.OptionalLong;
import org.pairspan.protocol.keyservice.Refusal;

/** What a key server says to a request. */
sealed interface Reply {
    /**
     * The registration is accepted.
     *
     * @param number        which member we are.
     * @param policyVersion of the policy in force; empty where the server does not review what we hold.
     */
    record Registered(int number, OptionalLong policyVersion) implements Reply {
    }

    /** What the policy says about what we hold: ids of peers. */
    record Verdict(List<String> denied, List<String> changed) implements Reply {
    }

    /** What it says to a question. */
    sealed interface Answer extends Reply {
    }

    /** The association asked for; whoever receives it destroys the offer. */
    record Granted(AssociationOffer offer) implements Answer {
    }

    /** No, and why. */
    record Refused(Refusal.Reason reason, String detail) implements Answer {
    }
}
