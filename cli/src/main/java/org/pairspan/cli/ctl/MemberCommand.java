package org.pairspan.cli.ctl;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Parent of the commands for members. */
@Command(name = "member",
    description = "Revokes members, and shows who was revoked.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {MemberRevokeCommand.class, MemberRevokedCommand.class},
    footerHeading = "%nExamples:%n",
    footer = {
        "  pairspan ctl member revoke site-b --reason 'its key was stolen'",
        "  pairspan ctl member revoked"})
final class MemberCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command: revoke or revoked");
    }
}
