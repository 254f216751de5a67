package org.pairspan.kms.endpoint;

import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import org.pairspan.kms.audit.AuditLog;
import org.pairspan.kms.audit.AuditRecord;
import org.pairspan.kms.directory.MemberEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a link puts into the audit log about its member. */
final class LinkRecords {

    private static final Logger LOG = LoggerFactory.getLogger(LinkRecords.class);
    private static final int LONGEST_CLAIM = 63;

    private final AuditLog audit;
    private final InstantSource clock;

    LinkRecords(AuditLog audit, InstantSource clock) {
        this.audit = audit;
        this.clock = clock;
    }

    CompletionStage<Void> registered(Peer peer, MemberEntry entry) {
        return write(peer, AuditRecord.Event.REGISTER, "registered as number " + entry.number());
    }

    /** A registration that is refused anyway does not wait for its record. */
    void registrationRefused(Peer peer, String why) {
        write(peer, AuditRecord.Event.REGISTER, "refused: " + why).exceptionally(failure -> {
            LOG.error("audit log does not take a record", failure);
            return null;
        });
    }

    CompletionStage<Void> mismatch(Peer peer, String claimed) {
        String shown = claimed.length() <= LONGEST_CLAIM ? claimed : claimed.substring(0, LONGEST_CLAIM) + '…';
        return write(peer, AuditRecord.Event.IDENTITY_MISMATCH, "refused: claimed to be " + shown);
    }

    private CompletionStage<Void> write(Peer peer, AuditRecord.Event event, String result) {
        return audit.write(new AuditRecord(clock.instant(), event, peer.id(), null, 0, 0, peer.from(), result));
    }
}
