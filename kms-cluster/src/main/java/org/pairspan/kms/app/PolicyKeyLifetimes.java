package org.pairspan.kms.app;

import java.time.Duration;
import java.util.List;
import org.pairspan.kms.pairkey.PairId;
import org.pairspan.kms.policy.KeyLifetime;
import org.pairspan.kms.policy.PolicyDecision;
import org.pairspan.kms.policy.keeping.PolicyInForce;
import org.pairspan.kms.update.KeyAges;

/** What the policy says about the lifetime of keys; it can make it shorter than the service's settings do, never longer. */
final class PolicyKeyLifetimes implements KeyAges {

    private final PolicyInForce policy;
    private final int mostGenerations;

    /** @param mostGenerations under one key, by the service's settings */
    PolicyKeyLifetimes(PolicyInForce policy, int mostGenerations) {
        this.policy = policy;
        this.mostGenerations = mostGenerations;
    }

    @Override
    public List<Duration> all() {
        return policy.keyAges();
    }

    @Override
    public boolean isLimitOf(String pair, Duration age) {
        return lifetimeOf(PairId.parse(pair)).age().filter(age::equals).isPresent();
    }

    /** How many generations may be derived from one version of a pair's key. */
    long mostGenerations(PairId pair) {
        return Math.min(mostGenerations, lifetimeOf(pair).generations().orElse(mostGenerations));
    }

    private KeyLifetime lifetimeOf(PairId pair) {
        return policy.decide(pair.low(), pair.high()) instanceof PolicyDecision.Allowed allowed ? allowed.keyLifetime()
                : KeyLifetime.UNLIMITED;
    }
}
