package org.pairspan.kms.enrolment;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.kms.config.EnrolmentSettings;
import org.pairspan.kms.directory.Directory;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.pki.CertificateAuthority;
import org.pairspan.runtime.tls.TlsIdentity;

class PrefixRuleTest {

    private static final InetSocketAddress ADDRESS = new InetSocketAddress("192.0.2.1", 7401);
    private static final IpPrefix TAKEN = IpPrefix.parse("10.2.0.0/16");

    @TempDir
    Path folder;

    private final List<String> asked = new ArrayList<>();
    private CertificateAuthority authority;
    private PrefixRule rule;

    @BeforeEach
    void open() throws IOException {
        authority = CertificateAuthority.create("authority", KeyKind.ECDSA_P256, Duration.ofDays(2), 1, Clock.systemUTC());
        authority.own().write(folder, "ca");
        authority.issueKms("kms-1", KeyKind.ECDSA_P256, Duration.ofDays(1)).write(folder, "kms-1");
        authority.issueMemberAuthority("enrolment", KeyKind.ECDSA_P256, List.of(IpPrefix.parse("10.0.0.0/8")), Duration.ofDays(1))
                .own().write(folder, "enrolment");
        rule = rule("enrolment");
    }

    @Test
    void whatTheAuthorityMayNotGrantIsNotPromised() {
        assertDoesNotThrow(() -> require("10.1.0.0/16", "10.9.0.0/16"));
        for (String prefix : List.of("0.0.0.0/0", "192.168.0.0/16", "2001:db8::/32")) {
            String why = assertThrows(IllegalArgumentException.class, () -> require("10.1.0.0/16", prefix)).getMessage();
            assertTrue(why.contains(prefix) && why.contains("outside of those of its authority, [10.0.0.0/8]"), why);
        }
        assertDoesNotThrow(() -> rule("ca").require("site-a", List.of(IpPrefix.parse("::/0"))).toCompletableFuture().get());
    }

    @Test
    void whatAnotherMemberHasIsNotPromisedAndAllIsAskedInOneQuestion() {
        ExecutionException failure = assertThrows(ExecutionException.class, () -> require("10.1.0.0/16", "10.2.3.0/24"));
        String why = assertInstanceOf(IllegalArgumentException.class, failure.getCause()).getMessage();
        assertTrue(why.startsWith("10.2.3.0/24 overlaps 10.2.0.0/16 of member site-b, "), why);
        assertEquals(List.of("site-a [10.1.0.0/16, 10.2.3.0/24]"), asked);
    }

    private void require(String... prefixes) throws ExecutionException, InterruptedException {
        rule.require("site-a", List.of(prefixes).stream().map(IpPrefix::parse).toList()).toCompletableFuture().get();
    }

    private PrefixRule rule(String issuer) {
        EnrolmentSettings settings = new EnrolmentSettings(ADDRESS, folder.resolve(issuer + ".crt"), folder.resolve(issuer + ".key"), Duration.ofDays(1));
        TlsIdentity server = TlsIdentity.load(folder.resolve("kms-1.crt"), folder.resolve("kms-1.key"), folder.resolve("ca.crt"));
        return new PrefixRule(IssuingAuthority.open(settings, server, Clock.systemUTC()),
                this::registered);
    }

    private CompletionStage<Directory.ConflictReply> registered(String memberId, List<IpPrefix> prefixes) {
        asked.add(memberId + " " + prefixes);
        return CompletableFuture.completedStage(prefixes.stream().filter(TAKEN::overlaps).findFirst()
                .<Directory.ConflictReply>map(wanted -> new Directory.Conflict(wanted, TAKEN, "site-b")).orElseGet(Directory.NoConflict::new));
    }
}
