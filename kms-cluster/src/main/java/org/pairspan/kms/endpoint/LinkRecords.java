package org.pairspan.kms.endpoint;

import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import org.pairspan.kms.audit.AuditAllowance;
import org.pairspan.kms.audit.AuditAllowances;
import org.pairspan.kms.audit.AuditRecord;
import org.pairspan.kms.directory.MemberEntry;

/** What a link puts into the audit log about its member. All completes with false where there was too much of the member to be recorded. */
final class LinkRecords {

    private static final int LONGEST_CLAIM = 63;

    private final AuditAllowances audit;
    private final InstantSource clock;

    LinkRecords(AuditAllowances audit, InstantSource clock) {
        this.audit = audit;
        this.clock = clock;
    }

    CompletionStage<Boolean> registered(Peer peer, MemberEntry entry) {
        return write(audit.registrations(), peer, AuditRecord.Event.REGISTER, "registered as number " + entry.number());
    }

    CompletionStage<Boolean> registrationRefused(Peer peer, String why) {
        return write(audit.registrations(), peer, AuditRecord.Event.REGISTER, "refused: " + why);
    }

    CompletionStage<Boolean> mismatch(Peer peer, String claimed) {
        String shown = claimed.length() <= LONGEST_CLAIM ? claimed : claimed.substring(0, LONGEST_CLAIM) + '…';
        return write(audit.refusals(), peer, AuditRecord.Event.IDENTITY_MISMATCH, "refused: claimed to be " + shown);
    }

    private CompletionStage<Boolean> write(AuditAllowance allowance, Peer peer, AuditRecord.Event event, String result) {
        return allowance.write(peer.id(), new AuditRecord(clock.instant(), event, peer.id(), null, 0, 0, peer.from(), result));
    }
}
