package org.pairspan.cli.pki;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.pairspan.protocol.address.IpPrefix;
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

/** Issues a member's certificate. */
@Command(name = "member",
    description = "Issues a member's certificate: who it is, and which IP prefixes it may register.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
        "  pairspan pki member site-a --prefix 10.1.0.0/16 --dir pki",
        "  pairspan pki member site-b --prefix 10.2.0.0/16 --prefix 2001:db8:2::/48 --valid 90d --dir pki"})
final class MemberCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ID", description = "the member's id: a-z 0-9 . -, at most 63 characters")
    private String id;

    @Option(names = "--prefix", paramLabel = "PREFIX", converter = PrefixConverter.class,
        description = "an IPv4 or IPv6 prefix behind this member; repeat it for several, leave it out for a member that is no tunnel node")
    private final List<IpPrefix> prefixes = new ArrayList<>();

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
            issued = authority.issueMember(id, kind, prefixes, folder.validity().duration());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        spec.commandLine().getOut().println("member " + id + " (" + kind + ", " + prefixes + "): " + folder.write(issued, id));
        return 0;
    }
}
