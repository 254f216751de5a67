package org.pairspan.cli.ctl;

import java.util.List;
import java.util.concurrent.Callable;
import org.pairspan.kms.unsealing.SealingMXBean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Parent of the command for the sealing ring. */
@Command(name = "sealing",
    description = "Changes the ring of keys under which a journal's keys are sealed.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = SealingCommand.Rotate.class,
    footerHeading = "%nExample:%n",
    footer = "  pairspan ctl sealing rotate --name kms-1")
final class SealingCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    /** Adds a key to the ring. */
    @Command(name = "rotate",
        description = "Adds a random key to the sealing ring; it seals what is stored from now on, at every key server of the journal. Older ring keys stay "
            + "for what they sealed. For one key server of the cluster, whichever.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = "  pairspan ctl sealing rotate --name kms-1")
    static final class Rotate implements Callable<Integer> {
        @Mixin
        private KeyServerOption server;

        @Override
        public Integer call() {
            server.print(SealingMXBean.class, (sealing, operator) -> List.of(sealing.rotateRing(operator)));
            return 0;
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command: rotate");
    }
}
