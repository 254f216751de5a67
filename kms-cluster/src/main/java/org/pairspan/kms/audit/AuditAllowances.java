package org.pairspan.kms.audit;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.pairspan.kms.rate.RateLimit;

/**
 * What one key server writes at most for those who get nothing.
 *
 * @param refusals      requests of members that are refused, by id
 * @param registrations of members, by id
 * @param withdrawals   associations that members are told to close, by id
 * @param strangers     requests for certificates that are refused, by network
 */
public record AuditAllowances(AuditAllowance refusals, AuditAllowance registrations, AuditAllowance withdrawals, AuditAllowance strangers) {

    private static final Duration SUMMARY_EVERY = Duration.ofMinutes(1);
    private static final Duration SECOND = Duration.ofSeconds(1);
    /** Members are known, so that there is no flood of many. */
    private static final RateLimit ALL_MEMBERS = new RateLimit(1_000_000, Duration.ofNanos(1_000));

    /** Begins, and records what is only counted once a minute and when the actor system stops. */
    public static AuditAllowances start(ActorSystem<?> system, AuditLog log, InstantSource clock) {
        AuditAllowances allowances = of(log, clock);
        system.scheduler().scheduleWithFixedDelay(SUMMARY_EVERY, SUMMARY_EVERY, allowances::summarize, system.executionContext());
        CoordinatedShutdown.get(system).addTask(CoordinatedShutdown.PhaseServiceStop(), "audit-summaries",
                () -> allowances.summarize().thenApply(done -> Done.getInstance()));
        return allowances;
    }

    static AuditAllowances of(AuditLog log, InstantSource clock) {
        return new AuditAllowances(
                new AuditAllowance(log, clock, System::nanoTime, new RateLimit(100, SECOND), ALL_MEMBERS),
                new AuditAllowance(log, clock, System::nanoTime, new RateLimit(20, SECOND), ALL_MEMBERS),
                new AuditAllowance(log, clock, System::nanoTime, new RateLimit(4096, SECOND), ALL_MEMBERS),
                new AuditAllowance(log, clock, System::nanoTime, new RateLimit(10, SECOND), new RateLimit(200, SECOND)));
    }

    private CompletionStage<Void> summarize() {
        CompletionStage<Void> all = CompletableFuture.completedStage(null);
        for (AuditAllowance allowance : List.of(refusals, registrations, withdrawals, strangers)) {
            all = all.thenCombine(allowance.summarize(), (before, now) -> null);
        }
        return all;
    }
}
