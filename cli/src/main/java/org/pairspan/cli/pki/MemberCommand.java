package org.pairspan.cli.pki;

import java.util.ArrayList;
import java.util.List;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.pki.CertificateAuthority;
import org.pairspan.runtime.pki.IssuedCertificate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Issues a member's certificate. */
@Command(name = "member",
    description = "Issues a member's certificate: who it is, and which IP prefixes it may register.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
        "  pairspan pki member site-a --prefix 10.1.0.0/16 --dir pki",
        "  pairspan pki member site-b --prefix 10.2.0.0/16 --prefix 2001:db8:2::/48 --valid 90d --dir pki"})
final class MemberCommand extends IssueCommand {
    @Option(names = "--prefix", paramLabel = "PREFIX", converter = PrefixConverter.class,
        description = "an IPv4 or IPv6 prefix behind this member; repeat it for several, leave it out for a member that is no tunnel node")
    private final List<IpPrefix> prefixes = new ArrayList<>();

    @Override
    IssuedCertificate issue(CertificateAuthority authority, String id, KeyKind kind, Validity validity) {
        return authority.issueMember(id, kind, prefixes, validity.duration());
    }

    @Override
    String described(String id, KeyKind kind) {
        return "member " + id + " (" + kind + ", " + prefixes + ")";
    }
}
