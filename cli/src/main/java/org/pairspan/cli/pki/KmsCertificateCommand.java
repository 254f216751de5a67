package org.pairspan.cli.pki;

import java.util.List;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.pki.CertificateAuthority;
import org.pairspan.runtime.pki.IssuedCertificate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Issues a key server's certificate. */
@Command(name = "kms",
    description = "Issues a key server's certificate, for the links from members and between key servers.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
        "  pairspan pki kms kms-1 --dir pki",
        "  pairspan pki kms kms-2 --valid 90d --dir pki",
        "  pairspan pki kms kms-3 --host kms-3.example.org --host 192.0.2.13 --dir pki"})
final class KmsCertificateCommand extends IssueCommand {
    @Option(names = "--host", paramLabel = "HOST",
        description = "a DNS name or IP address of the server; may be given several times. Clients of ETSI GS QKD 014 compare it")
    private List<String> hosts = List.of();

    @Override
    IssuedCertificate issue(CertificateAuthority authority, String id, KeyKind kind, Validity validity) {
        return authority.issueKms(id, kind, hosts, validity.duration());
    }

    @Override
    String described(String id, KeyKind kind) {
        return "key server " + id + " (" + kind + ")";
    }
}
