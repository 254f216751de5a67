package org.pairspan.kms.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.pairspan.kms.rate.RateLimit;

class AuditAllowanceTest {

    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final List<AuditRecord> log = new ArrayList<>();
    private boolean diskIsFull;
    private Duration elapsed = Duration.ZERO;

    @Test
    void whoIsRefusedAllDayCausesSoManyRecordsAndOneSum() {
        AuditAllowance allowance = allowance(5, 100);
        for (int i = 0; i < 1_000; i++) {
            assertEquals(i < 5, refuse(allowance, "site-a"));
        }
        assertEquals(5, log.size());
        elapse(SECOND);
        assertTrue(refuse(allowance, "site-a"));
        assertFalse(refuse(allowance, "site-a"));
        summarize(allowance);
        assertEquals(7, log.size());
        AuditRecord sum = log.getLast();
        assertEquals("996 more refused of site-a since 2026-01-02T03:04:05Z, too many to record each; the last: refused: SELF", sum.result());
        assertEquals("member site-a", sum.actor().toString());
        assertEquals(AuditRecord.Event.KEY_REQUEST, sum.event());
        summarize(allowance);
        assertEquals(7, log.size(), "nothing is counted twice");
    }

    @Test
    void oneThatIsRefusedOftenTakesNothingFromOthersButAllTogetherHaveTheirBound() {
        AuditAllowance allowance = allowance(5, 8);
        for (int i = 0; i < 10; i++) {
            refuse(allowance, "site-a");
        }
        assertTrue(refuse(allowance, "site-b"));
        assertTrue(refuse(allowance, "site-c"));
        assertTrue(refuse(allowance, "site-d"));
        assertFalse(refuse(allowance, "site-e"));
        elapse(Duration.ofSeconds(4));
        assertTrue(refuse(allowance, "site-e"));
    }

    @Test
    void severalRecordsAreWrittenAllOrNone() {
        AuditAllowance allowance = allowance(5, 100);
        assertTrue(allowance.write("site-a", Collections.nCopies(3, refusal("site-a"))).toCompletableFuture().join());
        assertFalse(allowance.write("site-a", Collections.nCopies(3, refusal("site-a"))).toCompletableFuture().join());
        assertEquals(3, log.size());
        assertTrue(allowance.write("site-a", List.of()).toCompletableFuture().join());
        summarize(allowance);
        assertTrue(log.getLast().result().startsWith("3 more refused of site-a"), log.getLast().result());
    }

    @Test
    void whatCannotBeRecordedNowIsCountedOn() {
        AuditAllowance allowance = allowance(1, 100);
        refuse(allowance, "site-a");
        refuse(allowance, "site-a");
        diskIsFull = true;
        summarize(allowance);
        refuse(allowance, "site-a");
        diskIsFull = false;
        summarize(allowance);
        assertTrue(log.getLast().result().startsWith("2 more refused of site-a since " + START), log.getLast().result());
    }

    @Test
    void moreSourcesThanAreRememberedLoseNoCount() {
        AuditAllowance allowance = allowance(1, 1_000_000);
        int sources = AuditAllowance.MOST_SOURCES + 7;
        for (int i = 0; i < sources; i++) {
            allowance.count("net-" + i, refusal("net-" + i));
        }
        summarize(allowance);
        assertEquals(AuditAllowance.MOST_SUMMARIES, log.size());
        assertTrue(log.getFirst().result().startsWith("7 more refused of others since"), log.getFirst().result());
        assertEquals("stranger", log.getFirst().actor().toString());
        while (true) {
            int before = log.size();
            summarize(allowance);
            if (log.size() == before) {
                break;
            }
        }
        assertEquals(sources, log.stream().mapToLong(sum -> Long.parseLong(sum.result().substring(0, sum.result().indexOf(' ')))).sum());
    }

    private AuditAllowance allowance(int burst, int burstOfAll) {
        return new AuditAllowance(record -> {
            if (diskIsFull) {
                return CompletableFuture.failedFuture(new IOException("no space left"));
            }
            log.add(record);
            return CompletableFuture.completedFuture(null);
        }, () -> START.plus(elapsed), () -> elapsed.toNanos(), new RateLimit(burst, SECOND), new RateLimit(burstOfAll, SECOND));
    }

    private boolean refuse(AuditAllowance allowance, String who) {
        return allowance.write(who, refusal(who)).toCompletableFuture().join();
    }

    private AuditRecord refusal(String who) {
        return new AuditRecord(START.plus(elapsed), AuditRecord.Event.KEY_REQUEST, who, who, 0, 0, null, "refused: SELF");
    }

    private static void summarize(AuditAllowance allowance) {
        allowance.summarize().toCompletableFuture().join();
    }

    private void elapse(Duration time) {
        elapsed = elapsed.plus(time);
    }
}
