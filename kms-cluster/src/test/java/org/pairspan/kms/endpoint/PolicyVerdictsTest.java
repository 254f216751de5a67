package org.pairspan.kms.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.pairspan.kms.audit.AuditAllowance;
import org.pairspan.kms.audit.AuditAllowances;
import org.pairspan.kms.audit.AuditRecord;
import org.pairspan.kms.directory.MemberEntry;
import org.pairspan.kms.issue.Requester;
import org.pairspan.kms.rate.RateLimit;
import org.pairspan.protocol.keyservice.HeldAssociation;
import org.pairspan.protocol.keyservice.MalformedMessageException;
import org.pairspan.protocol.keyservice.PolicyReview;
import org.pairspan.protocol.keyservice.PolicyVerdict;

class PolicyVerdictsTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);
    private static final InetSocketAddress FROM = new InetSocketAddress("192.0.2.1", 5000);
    private static final Requester SITE_A = new Requester(new MemberEntry("site-a", 1, List.of(), FROM, List.of(1)), 1, FROM);

    private final List<AuditRecord> log = new ArrayList<>();

    @Test
    void whatIsWithdrawnIsOnRecordAndWhoAsksAgainAndAgainFillsNoLog() throws MalformedMessageException {
        PolicyVerdicts verdicts = new PolicyVerdicts(services(300));
        PolicyVerdict verdict = verdict(verdicts, 256);
        assertEquals(256, verdict.getDeniedCount());
        assertEquals(256, log.size());
        assertTrue(log.stream().allMatch(record -> record.event() == AuditRecord.Event.ASSOCIATION_WITHDRAWN && record.from().equals(FROM)));
        assertThrows(CompletionException.class, () -> verdict(verdicts, 256), "an answer without its records");
        assertEquals(256, log.size());
        assertEquals(44, verdict(verdicts, 44).getDeniedCount());
    }

    @Test
    void aReviewOfTooMuchIsMalformed() {
        assertThrows(MalformedMessageException.class, () -> verdict(new PolicyVerdicts(services(300)), 257));
    }

    private static PolicyVerdict verdict(PolicyVerdicts verdicts, int held) throws MalformedMessageException {
        PolicyReview review = PolicyReview.newBuilder().addAllHeld(IntStream.range(0, held)
                .mapToObj(i -> HeldAssociation.newBuilder().setPeerId("peer-" + i).build()).toList()).build();
        return verdicts.verdict(SITE_A, review).toCompletableFuture().join();
    }

    private LinkServices services(int burst) {
        AuditAllowance allowance = new AuditAllowance(record -> {
            log.add(record);
            return CompletableFuture.completedFuture(null);
        }, CLOCK, () -> 0, new RateLimit(burst, Duration.ofSeconds(1)), new RateLimit(10_000, Duration.ofSeconds(1)));
        return new LinkServices(null, null, new AllDenied(), null, new AuditAllowances(allowance, allowance, allowance, allowance), null, null, CLOCK, null, null, null);
    }
}
