package org.pairspan.cli.ctl;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Parent of the commands for the policy of the key service. */
@Command(name = "policy",
    description = "Shows, checks and changes the policy of the key service: who may talk to whom, and how. conf/key-policy.conf explains what it can say.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {PolicyShowCommand.class, PolicyCheckCommand.class, PolicyApplyCommand.class, PolicyHistoryCommand.class, PolicyRollbackCommand.class,
        PolicyExplainCommand.class},
    footerHeading = "%nExamples:%n",
    footer = {
        "  pairspan ctl policy show > policy.conf",
        "  pairspan ctl policy check policy.conf",
        "  pairspan ctl policy apply policy.conf --comment \"branches talk to the head office only\"",
        "  pairspan ctl policy explain branch-1 branch-2"})
final class PolicyCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command: show, check, apply, history, rollback or explain");
    }
}
