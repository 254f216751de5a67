package org.pairspan.kms.delivery;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.pairspan.kms.directory.Directory;
import org.pairspan.kms.policy.PolicyDecision;
import org.pairspan.runtime.identity.Identity;

/**
 * SAEs are members: those the directory knows and those an operator named, but none that was revoked. The policy says
 * which of them may share keys. For a key with several slaves, the source is what the policy says of the first.
 */
public final class MemberAccess implements SaeAccess {

    private final ClusterSharding sharding;
    private final BiFunction<String, String, PolicyDecision> policy;
    private final Predicate<String> revoked;
    private final Set<String> named;
    private final Duration patience;

    /**
     * @param policy   what is decided about two members, in memory
     * @param revoked  whether a member has lost its right to keys
     * @param named    members that need not be in the directory
     * @param patience with the directory
     */
    public MemberAccess(ClusterSharding sharding, BiFunction<String, String, PolicyDecision> policy, Predicate<String> revoked,
            Set<String> named, Duration patience) {
        this.sharding = sharding;
        this.policy = policy;
        this.revoked = revoked;
        this.named = Set.copyOf(named);
        this.patience = patience;
    }

    @Override
    public CompletionStage<Verdict> check(String caller, List<String> others) {
        if (revoked.test(caller)) {
            return CompletableFuture.completedStage(new Denied("it is revoked"));
        }
        Optional<String> source = Optional.empty();
        for (String other : others) {
            if (!Identity.ID.matcher(other).matches() || revoked.test(other)) {
                return CompletableFuture.completedStage(new Unknown(other));
            }
            switch (policy.apply(caller, other)) {
                case PolicyDecision.Allowed allowed -> source = other.equals(others.getFirst()) ? allowed.source() : source;
                case PolicyDecision.Denied denied -> {
                    return CompletableFuture.completedStage(new Denied(denied.reason()));
                }
                case PolicyDecision.Undecided undecided -> {
                    return CompletableFuture.failedStage(new IllegalStateException("the policy is not known: " + undecided.why()));
                }
            }
        }
        CompletionStage<Verdict> verdict = isKnown(caller).thenApply(known -> known ? null : new Denied("it is no SAE of this service"));
        for (String other : others) {
            verdict = verdict.thenCompose(before -> before != null ? CompletableFuture.completedStage(before)
                    : isKnown(other).thenApply(known -> known ? null : new Unknown(other)));
        }
        Verdict allowed = new Allowed(source);
        return verdict.thenApply(refused -> refused == null ? allowed : refused);
    }

    private CompletionStage<Boolean> isKnown(String sae) {
        return named.contains(sae) ? CompletableFuture.completedStage(true)
                : Directory.of(sharding).<Directory.FindReply>ask(replyTo -> new Directory.FindById(sae, replyTo), patience)
                        .thenApply(Directory.Found.class::isInstance);
    }
}
