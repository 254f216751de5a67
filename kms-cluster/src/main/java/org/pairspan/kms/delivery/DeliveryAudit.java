package org.pairspan.kms.delivery;

import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.pairspan.kms.audit.AuditAllowance;
import org.pairspan.kms.audit.AuditLog;
import org.pairspan.kms.audit.AuditRecord;
import org.pairspan.kms.audit.AuditRecord.Event;

/** Writes what goes out, key by key, and what is refused. Any thread. */
final class DeliveryAudit {

    /** Fits into the text of a record. */
    private static final int IDS_OF_ONE_RECORD = 10;

    private final AuditLog log;
    private final AuditAllowance refusals;
    private final InstantSource clock;

    DeliveryAudit(AuditLog log, AuditAllowance refusals, InstantSource clock) {
        this.log = log;
        this.refusals = refusals;
        this.clock = clock;
    }

    /**
     * Completes when every key is on record for each of the others.
     *
     * @param what in words, before the IDs
     */
    CompletionStage<Void> delivered(Caller caller, List<String> others, List<UUID> ids, String what) {
        CompletionStage<Void> written = CompletableFuture.completedStage(null);
        for (String other : others) {
            for (int from = 0; from < ids.size(); from += IDS_OF_ONE_RECORD) {
                String some = ids.subList(from, Math.min(ids.size(), from + IDS_OF_ONE_RECORD)).stream().map(UUID::toString)
                        .collect(Collectors.joining(" "));
                written = written.thenCompose(before -> write(caller, other, what + ": " + some));
            }
        }
        return written;
    }

    /** Completes when the refusal is on record or, where the caller is refused too often for that, counted. */
    CompletionStage<Void> refused(Caller caller, String other, String what, String why) {
        return refusals.write(caller.sae(), record(caller, other, what + " refused: " + why)).thenAccept(recorded -> { });
    }

    private CompletionStage<Void> write(Caller caller, String other, String result) {
        return log.write(record(caller, other, result));
    }

    private AuditRecord record(Caller caller, String other, String result) {
        return new AuditRecord(clock.instant(), Event.KEY_DELIVERED, caller.sae(), other, 0, 0, caller.from(), result);
    }
}
