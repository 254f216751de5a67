package org.pairspan.cli.pki;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Parent of the certificate commands. */
@Command(name = "pki",
    description = "Makes certificate authorities, one certificate for each member and key server, and master keys of key services; shows certificates.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {CaCommand.class, AuthorityCommand.class, MemberCommand.class, KmsCertificateCommand.class, MasterKeyCommand.class, ShowCommand.class},
    footerHeading = "%nExamples:%n",
    footer = {
        "  pairspan pki ca --dir pki",
        "  pairspan pki kms kms-1 --dir pki",
        "  pairspan pki member site-a --prefix 10.1.0.0/16 --prefix 2001:db8:1::/48 --dir pki",
        "  pairspan pki master-key --dir pki",
        "  pairspan pki show pki/site-a.crt",
        "",
        "Keep ca.key off line: it is needed to issue certificates, and never to run anything."})
public final class PkiCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command: ca, authority, kms, member, master-key or show");
    }
}
