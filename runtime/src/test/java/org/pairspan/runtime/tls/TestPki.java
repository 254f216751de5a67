package org.pairspan.runtime.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.pki.CertificateAuthority;
import org.pairspan.runtime.pki.IssuedCertificate;

/** An authority in a folder of a test, and identities below it. */
final class TestPki {
    static final List<IpPrefix> PREFIXES = List.of(IpPrefix.parse("10.1.0.0/16"), IpPrefix.parse("2001:db8:1::/48"));

    private final Path folder;
    private final Clock clock;
    private final CertificateAuthority authority;

    TestPki(Path folder, KeyKind kind) throws IOException {
        this(folder, kind, Clock.systemUTC());
    }

    /** Everything is made at {@code clock}'s time: the authority for ten years, the others for one day. */
    TestPki(Path folder, KeyKind kind, Clock clock) throws IOException {
        this.folder = folder;
        this.clock = clock;
        this.authority = CertificateAuthority.create("Test authority", kind, Duration.ofDays(3650), clock);
        authority.own().write(folder, "ca");
    }

    static Clock clockBefore(Duration ago) {
        return Clock.fixed(Instant.now().minus(ago), ZoneOffset.UTC);
    }

    TlsIdentity member(String id, KeyKind kind) throws IOException {
        return identity(id, authority.issueMember(id, kind, PREFIXES, Duration.ofDays(1)));
    }

    TlsIdentity kms(String id, KeyKind kind) throws IOException {
        return identity(id, authority.issueKms(id, kind, Duration.ofDays(1)));
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /** Only the certificate of another authority is trusted by the result, while its own chain comes from this one. */
    TlsIdentity trusting(String id, Path otherAuthority) throws IOException {
        Path both = folder.resolve("both.crt");
        Files.writeString(both, Files.readString(file("ca.crt")) + Files.readString(otherAuthority));
        return TlsIdentity.load("", file(id + ".crt"), file(id + ".key"), both, clock);
    }

    private TlsIdentity identity(String id, IssuedCertificate issued) throws IOException {
        issued.write(folder, id);
        return TlsIdentity.load("", file(id + ".crt"), file(id + ".key"), file("ca.crt"), clock);
    }
}
