package org.pairspan.cli.pki;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.pki.CertificateAuthority;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Issues an authority for enrolment. */
@Command(name = "authority",
    description = "Issues an authority below ca.crt for the key servers' enrolment: it can sign members' certificates and nothing else, so that its key, "
        + "which is on line, makes no key server. ca.crt must have been made with --path-length 1.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = "  pairspan pki authority enrolment --prefix 10.0.0.0/8 --valid 1825d --dir pki")
final class AuthorityCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "name of the files, and common name of the certificate")
    private String name;

    @Option(names = "--prefix", paramLabel = "PREFIX", converter = PrefixConverter.class,
        description = "members it issues may register prefixes within this only; repeat it for several (default: any)")
    private final List<IpPrefix> prefixes = new ArrayList<>();

    @Mixin
    private PkiFolder folder;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        CertificateAuthority authority = folder.authority();
        KeyKind kind = folder.kind(authority);
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}")) {
            throw new ParameterException(spec.commandLine(), "'" + name + "' is no name of a file: letters, digits and . _ -");
        }
        try {
            CertificateAuthority issued = authority.issueMemberAuthority(name, kind, prefixes, folder.validity().duration());
            spec.commandLine().getOut().println("authority " + name + " (" + kind + ") for members: " + folder.write(issued.own(), name)
                + ". Only key servers with an enrolment port need it.");
            return 0;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
