package org.pairspan.kms.enrolment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.kms.audit.AuditAllowance;
import org.pairspan.kms.audit.AuditLog;
import org.pairspan.kms.audit.AuditRecord;
import org.pairspan.kms.config.EnrolmentSettings;
import org.pairspan.kms.rate.RateLimit;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.identity.Identity;
import org.pairspan.runtime.identity.Role;
import org.pairspan.runtime.pki.CertificateAuthority;
import org.pairspan.runtime.pki.CertificateRequest;
import org.pairspan.runtime.tls.TlsIdentity;

/** There is neither an authority nor a cluster here: what is refused reaches neither. */
class EnrollerTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);
    private static final byte[] REQUEST = CertificateRequest.create(new Identity(Role.MEMBER, "site-a"), KeyKind.ECDSA_P256,
            KeyKind.ECDSA_P256.generate(new SecureRandom()));

    private static final InetSocketAddress FROM = new InetSocketAddress("192.0.2.1", 4000);

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

    @Test
    void aServerThatLostItsStandingWhileItWorkedRenewsNothing() throws IOException {
        CertificateAuthority authority = CertificateAuthority.create("authority", KeyKind.ECDSA_P256, Duration.ofDays(2), Clock.systemUTC());
        authority.own().write(folder, "ca");
        authority.issueKms("kms-1", KeyKind.ECDSA_P256, Duration.ofDays(1)).write(folder, "kms-1");
        EnrolmentSettings settings = new EnrolmentSettings(FROM, folder.resolve("ca.crt"), folder.resolve("ca.key"), Duration.ofDays(1));
        TlsIdentity server = TlsIdentity.load(folder.resolve("kms-1.crt"), folder.resolve("kms-1.key"), folder.resolve("ca.crt"));
        IssuingAuthority issuing = IssuingAuthority.open(settings, server, Clock.systemUTC());
        AtomicBoolean standing = new AtomicBoolean(true);
        AuditLog freezing = record -> {
            standing.set(records.isEmpty());
            return log.write(record);
        };
        Enroller renewing = new Enroller(null, null, issuing, id -> false, standing::get, freezing, strangers, CLOCK);
        Enroller.Member member = new Enroller.Member("site-a", List.of());
        assertInstanceOf(Enroller.Outcome.Granted.class, renewing.renew(member, REQUEST, FROM));
        assertInstanceOf(Enroller.Outcome.Unavailable.class, renewing.renew(member, REQUEST, FROM));
        assertEquals(2, records.size());
    }

    private Enroller.Outcome enrol(String from) {
        return enroller.enrol(new byte[TokenSecret.LENGTH], REQUEST, new InetSocketAddress(from, 4000));
    }
}
