package org.pairspan.kms.issue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.pairspan.kms.audit.AuditAllowance;
import org.pairspan.kms.audit.AuditLog;
import org.pairspan.kms.audit.AuditRecord;
import org.pairspan.kms.directory.MemberEntry;
import org.pairspan.kms.rate.RateLimit;
import org.pairspan.protocol.keyservice.Refusal.Reason;

class RefusalsTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);
    private static final InetSocketAddress FROM = new InetSocketAddress("192.0.2.1", 5000);
    private static final Requester SITE_A = new Requester(new MemberEntry("site-a", 1, List.of(), FROM, List.of(1)), 1, FROM);

    private final List<AuditRecord> records = new ArrayList<>();

    @Test
    void aRefusalThatIsOnlyCountedHasTheReasonOfOneThatIsRecorded() {
        AuditAllowance allowance = allowance(record -> {
            records.add(record);
            return CompletableFuture.completedFuture(null);
        });
        for (int i = 0; i < 5; i++) {
            assertEquals(new Answer.Refused(Reason.UNKNOWN_PEER, "no member owns it"), refused(allowance));
        }
        assertEquals(2, records.size());
        allowance.summarize().toCompletableFuture().join();
        assertTrue(records.getLast().result().startsWith("3 more refused of site-a since"), records::toString);
    }

    @Test
    void aRefusalThatCannotBeRecordedIsNotAnswered() {
        AuditAllowance allowance = allowance(record -> CompletableFuture.failedFuture(new IOException("no room")));
        assertThrows(CompletionException.class, () -> refused(allowance));
    }

    private static AuditAllowance allowance(AuditLog log) {
        return new AuditAllowance(log, CLOCK, () -> 0, new RateLimit(2, Duration.ofSeconds(1)), new RateLimit(100, Duration.ofSeconds(1)));
    }

    private static Answer refused(AuditAllowance allowance) {
        return new Refusals(allowance, CLOCK).refuse(SITE_A, null, Reason.UNKNOWN_PEER, "no member owns it").toCompletableFuture().join();
    }
}
