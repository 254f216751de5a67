package org.pairspan.kms.policy.keeping;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.pairspan.kms.policy.PairPolicy;
import org.pairspan.kms.policy.PolicyDecision;
import org.pairspan.kms.policy.document.CompiledPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policy as this server holds it. Where it was not confirmed for longer than a bound, or cannot be understood here, nothing is decided
 * any more: a pair may have been denied in the meantime. Written by one thread, read by any.
 */
public final class PolicyInForce implements PairPolicy {

    private static final Logger LOG = LoggerFactory.getLogger(PolicyInForce.class);

    /**
     * What is held.
     *
     * @param policy  null where the document means nothing to this server
     * @param trouble then: why
     */
    record Held(PolicyVersion version, CompiledPolicy policy, String trouble) {
    }

    private final Duration bound;
    private final LongSupplier nanoTime;
    private final CountDownLatch known = new CountDownLatch(1);
    private volatile Held held;
    private volatile long confirmedAtNs;

    /**
     * @param bound    longest time without a confirmation
     * @param nanoTime a monotonic clock
     */
    PolicyInForce(Duration bound, LongSupplier nanoTime) {
        this.bound = bound;
        this.nanoTime = nanoTime;
    }

    void hold(Held newer) {
        held = newer;
    }

    /** What is held was in force at that time. */
    void confirm(long atNs) {
        confirmedAtNs = atNs;
        known.countDown();
    }

    /** Returns when the policy is known, or after the patience; then nothing is decided yet. */
    public void awaitKnown(Duration patience) {
        try {
            if (!known.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("The policy is not known yet; no keys are handed out before");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Null where nothing is held yet. */
    Held held() {
        return held;
    }

    @Override
    public PolicyDecision decide(String one, String other) {
        Held now = held;
        String trouble = trouble(now);
        return trouble == null ? now.policy().decide(one, other) : new PolicyDecision.Undecided(trouble);
    }

    /** Why this server decides nothing now; null where it does. */
    String trouble() {
        return trouble(held);
    }

    @Override
    public long version() {
        Held now = held;
        return now == null ? -1 : now.version().number();
    }

    /** The ages at which rules have keys replaced, each once; empty where the policy is not known. */
    public List<Duration> keyAges() {
        Held now = held;
        return now == null || now.policy() == null ? List.of() : now.policy().document().rules().stream()
                .flatMap(rule -> rule.parameters().stream()).flatMap(parameters -> parameters.keyLifetime().age().stream())
                .distinct().toList();
    }

    private String trouble(Held now) {
        if (now == null) {
            return "this server does not know the policy yet";
        }
        if (now.policy() == null) {
            return now.trouble();
        }
        long silentNs = nanoTime.getAsLong() - confirmedAtNs;
        return silentNs <= bound.toNanos() ? null
                : "this server has not been able to make sure for " + silentNs / 1_000_000_000 + " s that policy version "
                        + now.version().number() + " is still in force";
    }
}
