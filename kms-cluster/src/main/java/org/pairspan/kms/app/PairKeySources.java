package org.pairspan.kms.app;

import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.pairspan.kms.audit.Actor;
import org.pairspan.kms.audit.AuditLog;
import org.pairspan.kms.audit.AuditRecord;
import org.pairspan.kms.pairkey.PairId;
import org.pairspan.kms.pairkey.SealedKeySource;
import org.pairspan.kms.policy.PairPolicy;
import org.pairspan.kms.policy.PolicyDecision;
import org.pairspan.kms.sealing.Sealer;
import org.pairspan.kms.source.KeySource;
import org.pairspan.kms.source.KeySourceException;
import org.pairspan.kms.source.combined.KeySources;

/** Gives each pair keys of the source that its policy names, and says in the audit log what each was made of. */
final class PairKeySources {

    private PairKeySources() {
    }

    static SealedKeySource of(PairPolicy policy, KeySources sources, Sealer sealer, AuditLog audit, String server, InstantSource clock) {
        return new SealedKeySource(pair -> source(policy, sources, pair), sealer, (pair, version, origin) -> audit.write(new AuditRecord(
                clock.instant(), AuditRecord.Event.KEY_CREATED, Actor.server(server), pair.low(), pair.high(), version, 0, null,
                "made of " + origin)));
    }

    private static KeySource source(PairPolicy policy, KeySources sources, PairId pair) {
        return switch (policy.decide(pair.low(), pair.high())) {
            case PolicyDecision.Allowed allowed -> sources.named(allowed.source());
            case PolicyDecision.Denied denied -> none(pair + " is to have no key: " + denied.reason());
            case PolicyDecision.Undecided undecided -> none("the policy is not known: " + undecided.why());
        };
    }

    private static KeySource none(String why) {
        return () -> CompletableFuture.failedStage(new KeySourceException(why));
    }
}
