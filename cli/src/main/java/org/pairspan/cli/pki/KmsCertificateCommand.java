package org.pairspan.cli.pki;

import java.util.List;
import java.util.concurrent.Callable;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.pki.CertificateAuthority;
import org.pairspan.runtime.pki.IssuedCertificate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Issues a key server's certificate. */
@Command(name = "kms",
    description = "Issues a key server's certificate, for the links from members and between key servers.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
        "  pairspan pki kms kms-1 --dir pki",
        "  pairspan pki kms kms-2 --valid 90d --dir pki",
        "  pairspan pki kms kms-3 --host kms-3.example.org --host 192.0.2.13 --dir pki"})
final class KmsCertificateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ID", description = "the key server's id: a-z 0-9 . -, at most 63 characters")
    private String id;

    @Option(names = "--host", paramLabel = "HOST",
        description = "a DNS name or IP address of the server; may be given several times. Clients of ETSI GS QKD 014 compare it")
    private List<String> hosts = List.of();

    @Mixin
    private PkiFolder folder;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        CertificateAuthority authority = folder.authority();
        KeyKind kind = folder.kind(authority);
        IssuedCertificate issued;
        try {
            issued = authority.issueKms(id, kind, hosts, folder.validity().duration());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        spec.commandLine().getOut().println("key server " + id + " (" + kind + "): " + folder.write(issued, id));
        return 0;
    }
}
