package org.pairspan.kms.audit;

import java.util.concurrent.CompletionStage;

/** Takes audit records. Safe for use by several threads. */
public interface AuditLog {

    /** Completes when the record is safe; fails where it cannot be, and then what it speaks of must not happen. */
    CompletionStage<Void> write(AuditRecord record);
}
