package org.pairspan.kms.issue;

import org.pairspan.kms.presence.Handout;
import org.pairspan.protocol.keyservice.Refusal;

/** What a key request led to. */
public sealed interface Answer {

    /** The member may have this. */
    record Granted(Handout handout) implements Answer {
    }

    /** It may not; {@code detail} tells nothing it may not know. */
    record Refused(Refusal.Reason reason, String detail) implements Answer {
    }
}
