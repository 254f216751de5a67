package org.pairspan.node.keyring;

import org.pairspan.protocol.keyservice.Refusal;

/** What a key server says to a request. */
sealed interface Reply {
    /** The registration is accepted; we are member {@code number}. */
    record Registered(int number) implements Reply {
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
