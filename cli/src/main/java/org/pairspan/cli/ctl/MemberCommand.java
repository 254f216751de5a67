package org.pairspan.cli.ctl;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Parent of the commands for members. */
@Command(name = "member",
    description = "Shows the members, revokes members, and shows who was revoked.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {MemberListCommand.class, MemberRevokeCommand.class, MemberRevokedCommand.class},
    footerHeading = "%nExamples:%n",
    footer = {
        "  pairspan ctl member list",
        "  pairspan ctl member revoke site-b --reason 'its key was stolen'",
        "  pairspan ctl member revoked"})
final class MemberCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command: list, revoke or revoked");
    }
}
