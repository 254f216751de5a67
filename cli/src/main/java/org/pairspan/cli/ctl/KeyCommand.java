package org.pairspan.cli.ctl;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Parent of the commands for keys of pairs. */
@Command(name = "key",
    description = "Updates the keys of pairs of members.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {KeyRotateCommand.class, KeyUpdatesCommand.class, KeyCancelCommand.class},
    footerHeading = "%nExamples:%n",
    footer = {
        "  pairspan ctl key rotate --pair site-a site-b",
        "  pairspan ctl key rotate --all",
        "  pairspan ctl key updates"})
final class KeyCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command: rotate, updates or cancel");
    }
}
