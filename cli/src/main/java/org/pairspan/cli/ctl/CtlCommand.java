package org.pairspan.cli.ctl;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Parent of the commands that look at running programs. */
@Command(name = "ctl",
    description = "Looks at the key servers and nodes that run on this machine, and tells them what to do.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {StatusCommand.class, ListCommand.class, AuditCommand.class, PolicyCommand.class, KeyCommand.class, MemberCommand.class,
        UnsealCommand.class, SealCommand.class, SealingCommand.class, MasterKeyCommand.class, EnrolCommand.class},
    footerHeading = "%nExamples:%n",
    footer = {
        "  pairspan ctl list",
        "  pairspan ctl status",
        "  sudo ip netns exec site-a pairspan ctl status    (one in a network namespace)"})
public final class CtlCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command: see 'pairspan ctl --help'");
    }
}
