package org.pairspan.kms.issue;

import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import org.pairspan.kms.audit.AuditAllowance;
import org.pairspan.kms.audit.AuditRecord;
import org.pairspan.kms.issue.Answer.Refused;
import org.pairspan.protocol.keyservice.Refusal.Reason;

/**
 * Refuses, with a record before the answer or, where a member is refused too often for that, a place in the next summary.
 *
 * @param allowance how many records of its own a member may cause
 * @param clock     of records
 */
record Refusals(AuditAllowance allowance, InstantSource clock) {

    /** Fails where the log fails. */
    CompletionStage<Answer> refuse(Requester requester, String peer, Reason reason, String detail) {
        return refuse(requester, peer, reason, detail, "");
    }

    /**
     * The same with more for the audit log.
     *
     * @param why for the audit log only
     */
    CompletionStage<Answer> refuse(Requester requester, String peer, Reason reason, String detail, String why) {
        AuditRecord record = new AuditRecord(clock.instant(), AuditRecord.Event.KEY_REQUEST, requester.entry().id(),
                peer, 0, 0, requester.from(), "refused: " + reason + why);
        // Recorded or counted, the reason is the same: by it the member knows whether to forget its question or to ask again.
        return allowance.write(requester.entry().id(), record).thenApply(recorded -> new Refused(reason, detail));
    }
}
