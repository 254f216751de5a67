package org.pairspan.cli.pki;

import java.util.ArrayList;
import java.util.List;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.pki.CertificateAuthority;
import org.pairspan.runtime.pki.IssuedCertificate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Issues an authority for enrolment. */
@Command(name = "authority",
    description = "Issues an authority below ca.crt for the key servers' enrolment: it can sign members' certificates and nothing else, so that its key, "
        + "which is on line, makes no key server. ca.crt must have been made with --path-length 1. Only key servers with an enrolment port need it.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = "  pairspan pki authority enrolment --prefix 10.0.0.0/8 --valid 1825d --dir pki")
final class AuthorityCommand extends IssueCommand {
    @Option(names = "--prefix", paramLabel = "PREFIX", converter = PrefixConverter.class,
        description = "members it issues may register prefixes within this only; repeat it for several (default: any)")
    private final List<IpPrefix> prefixes = new ArrayList<>();

    @Override
    IssuedCertificate issue(CertificateAuthority authority, String id, KeyKind kind, Validity validity) {
        return authority.issueMemberAuthority(id, kind, prefixes, validity.duration()).own();
    }

    @Override
    String described(String id, KeyKind kind) {
        return "authority " + id + " (" + kind + ") for members";
    }
}
