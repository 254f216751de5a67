package org.pairspan.kms.endpoint;

import java.util.Optional;
import org.pairspan.kms.policy.PairPolicy;
import org.pairspan.kms.policy.PolicyDecision;

/** A policy by which nobody may talk to anybody. */
final class AllDenied implements PairPolicy {

    @Override
    public PolicyDecision decide(String member, String peer) {
        return new PolicyDecision.Denied(Optional.of("apart"));
    }

    @Override
    public long version() {
        return 1;
    }
}
