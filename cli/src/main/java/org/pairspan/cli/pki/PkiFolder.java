package org.pairspan.cli.pki;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.pki.CertificateAuthority;
import org.pairspan.runtime.pki.IssuedCertificate;
import picocli.CommandLine.Option;

/** Options that the commands which issue certificates share. */
final class PkiFolder {
    static final String AUTHORITY = "ca";

    @Option(names = "--dir", paramLabel = "DIR", defaultValue = "pki",
        description = "folder of the authority (ca.crt, ca.key) and of what is made (default: ${DEFAULT-VALUE})")
    private Path directory;

    @Option(names = "--key", paramLabel = "KIND", converter = KeyKindConverter.class, completionCandidates = KeyKindConverter.Words.class,
        description = "${COMPLETION-CANDIDATES}; SM2 goes with SM2 only (default: the authority's own)")
    private KeyKind kind;

    @Option(names = "--valid", paramLabel = "TIME", defaultValue = "397d", converter = ValidityConverter.class,
        description = "how long it is valid, in days (d) or hours (h) (default: ${DEFAULT-VALUE})")
    private Validity validity;

    CertificateAuthority authority() {
        return CertificateAuthority.load(directory.resolve(AUTHORITY + ".crt"), directory.resolve(AUTHORITY + ".key"), Clock.systemUTC());
    }

    KeyKind kind(CertificateAuthority authority) {
        return kind == null ? authority.keyKind() : kind;
    }

    Validity validity() {
        return validity;
    }

    /** Writes the two files and says where they are. */
    String write(IssuedCertificate certificate, String id) throws IOException {
        certificate.write(directory, id);
        return directory.resolve(id + ".crt") + ", key " + directory.resolve(id + ".key");
    }
}
