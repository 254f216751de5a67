package org.pairspan.cli.ctl;

import java.util.List;
import java.util.concurrent.Callable;
import org.pairspan.kms.update.KeyUpdatesMXBean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows how far updates of keys are. */
@Command(name = "updates",
    description = "Shows updates of keys, the newest first, and some of the pairs that are under way or wait.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
        "  pairspan ctl key updates"})
final class KeyUpdatesCommand implements Callable<Integer> {
    @Mixin
    private KeyServerOption server;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<String[]> shown = server.call(KeyUpdatesMXBean.class, (updates, operator) -> List.of(updates.getUpdates(), updates.getPairs()));
        if (shown.getFirst().length == 0) {
            spec.commandLine().getOut().println("no update of keys");
        }
        for (String update : shown.getFirst()) {
            spec.commandLine().getOut().println(update);
        }
        for (String pair : shown.getLast()) {
            spec.commandLine().getOut().println("  " + pair);
        }
        return 0;
    }
}
