package org.pairspan.kms.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.pairspan.kms.audit.AuditRecord.Event;

class AdministrationTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z"));

    @Test
    void anActIsRecordedUnderItsOperator() {
        List<AuditRecord> records = new ArrayList<>();
        new Administration(record -> {
            records.add(record);
            return CompletableFuture.completedStage(null);
        }, CLOCK).record(Event.MEMBER_REVOKED, "alice", "site-a", "revoke: stolen");
        assertEquals(List.of(new AuditRecord(CLOCK.instant(), Event.MEMBER_REVOKED, Actor.operator("alice"), "site-a", null, 0, 0, null,
                "revoke: stolen")), records);
        assertEquals("operator alice", records.getFirst().actor().toString());
    }

    @Test
    void anActThatCannotBeRecordedDoesNotHappen() {
        Administration administration = new Administration(record -> CompletableFuture.failedStage(new IOException("no space left")), CLOCK);
        IllegalStateException refusal = assertThrows(IllegalStateException.class,
                () -> administration.record(Event.SEALED, "alice", null, "seal"));
        assertTrue(refusal.getMessage().contains("no space left"), refusal.getMessage());
        assertThrows(IllegalArgumentException.class, () -> administration.record(Event.SEALED, " ", null, "seal"));
    }
}
