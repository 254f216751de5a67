package org.pairspan.cli.ctl;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Parent of the command that changes the master key. */
@Command(name = "master-key",
    description = "Changes the master key under which a journal's sealing ring is wrapped.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = RotateMasterKeyCommand.class,
    footerHeading = "%nExample:%n",
    footer = "  pairspan ctl master-key rotate --name kms-1 --to file --file /etc/pairspan/new/master.key")
final class MasterKeyCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command: rotate");
    }
}
