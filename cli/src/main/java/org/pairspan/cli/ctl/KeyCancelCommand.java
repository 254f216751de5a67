package org.pairspan.cli.ctl;

import java.util.concurrent.Callable;
import org.pairspan.kms.update.KeyUpdatesMXBean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Ends an update of keys. */
@Command(name = "cancel",
    description = "Ends an update: pairs that have not begun do not begin. What has begun goes on, at both members or at neither.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
        "  pairspan ctl key cancel 7"})
final class KeyCancelCommand implements Callable<Integer> {
    @Mixin
    private KeyServerOption server;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NUMBER", description = "of the update, as 'ctl key updates' shows it")
    private long update;

    @Override
    public Integer call() {
        server.call(KeyUpdatesMXBean.class, (updates, operator) -> {
            updates.cancel(operator, update);
            return null;
        });
        spec.commandLine().getOut().println("key update " + update + " cancelled");
        return 0;
    }
}
