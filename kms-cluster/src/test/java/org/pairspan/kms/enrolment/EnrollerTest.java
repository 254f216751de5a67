package org.pairspan.kms.enrolment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.pairspan.kms.audit.AuditAllowance;
import org.pairspan.kms.audit.AuditLog;
import org.pairspan.kms.audit.AuditRecord;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.identity.Identity;
import org.pairspan.runtime.identity.Role;
import org.pairspan.runtime.pki.CertificateRequest;

import org.pairspan.kms.config.EnrolmentSettings;
import org.pairspan.kms.rate.RateLimit;
/** There is neither an authority nor a cluster here: what is refused reaches neither. */
class EnrollerTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);
    private static final byte[] REQUEST = CertificateRequest.create(new Identity(Role.MEMBER, "site-a"), KeyKind.ECDSA_P256,
            KeyKind.ECDSA_P256.generate(new SecureRandom()));

    private final List<AuditRecord> records = new ArrayList<>();
    private final AuditLog log = record -> {
        records.add(record);
        return CompletableFuture.completedFuture(null);
    };
    private final AuditAllowance strangers = new AuditAllowance(log, CLOCK, () -> 0, new RateLimit(2, Duration.ofSeconds(1)),
            new RateLimit(3, Duration.ofSeconds(1)));
    private final Enroller enroller = new Enroller(null, new TokenMark(new byte[TokenMark.KEY_LENGTH]), null, id -> false, () -> true, log,
            strangers, CLOCK);

    @TempDir
    Path folder;

    @Test
    void aMadeUpTokenIsRefusedAndWakesNothing() {
        assertInstanceOf(Enroller.Outcome.Refused.class, enrol("192.0.2.1"));
        assertEquals("refused: unknown token, not made for this journal, for member site-a", records.getFirst().result());
    }

    @Test
    void aFloodOfStrangersIsCountedAndAnsweredAsOneIs() {
        assertInstanceOf(Enroller.Outcome.Refused.class, enrol("2001:db8::1"));
        assertInstanceOf(Enroller.Outcome.Refused.class, enrol("2001:db8::2"));
        assertInstanceOf(Enroller.Outcome.Refused.class, enrol("2001:db8::3"));
        assertInstanceOf(Enroller.Outcome.Refused.class, enrol("192.0.2.1"));
        assertInstanceOf(Enroller.Outcome.Refused.class, enrol("192.0.2.2"));
        enroller.turnedAway(new InetSocketAddress("192.0.2.2", 4000));
        assertEquals(3, records.size(), "one network is one stranger, and all together have their bound");
        strangers.summarize().toCompletableFuture().join();
        List<String> sums = records.subList(3, records.size()).stream().map(AuditRecord::result).toList();
        assertEquals(2, sums.size());
        assertTrue(sums.getFirst().startsWith("1 more refused of 2001:db8:0:0:0:0:0:0/64 since 1970"), sums::toString);
        assertTrue(sums.getLast().startsWith("2 more refused of 192.0.2.2 since 1970"), sums::toString);
    }

    private Enroller.Outcome enrol(String from) {
        return enroller.enrol(new byte[TokenSecret.LENGTH], REQUEST, new InetSocketAddress(from, 4000));
    }
}
