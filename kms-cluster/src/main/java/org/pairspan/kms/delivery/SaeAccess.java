package org.pairspan.kms.delivery;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Decides who may share keys with whom. Any thread. */
@FunctionalInterface
public interface SaeAccess {

    /**
     * Whether a caller may share keys with others, all of them.
     *
     * @param caller id of a member, from its certificate
     * @param others ids of members, none of them the caller's
     * @return fails where that cannot be known now
     */
    CompletionStage<Verdict> check(String caller, List<String> others);

    /** What was decided. */
    sealed interface Verdict {
    }

    /**
     * It may.
     *
     * @param source name of the key source that the policy wants; empty: the usual one
     */
    record Allowed(Optional<String> source) implements Verdict {
    }

    /**
     * It may not.
     *
     * @param why for the audit log, not for the caller
     */
    record Denied(String why) implements Verdict {
    }

    /** One of the others is no SAE of this service. */
    record Unknown(String sae) implements Verdict {
    }
}
