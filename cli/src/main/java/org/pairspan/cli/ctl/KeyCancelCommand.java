package org.pairspan.cli.ctl;

import java.util.List;
import java.util.concurrent.Callable;
import org.pairspan.kms.update.KeyUpdatesMXBean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

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

    @Parameters(paramLabel = "NUMBER", description = "of the update, as 'ctl key updates' shows it")
    private long update;

    @Override
    public Integer call() {
        server.print(KeyUpdatesMXBean.class, (updates, operator) -> {
            updates.cancel(operator, update);
            return List.of("key update " + update + " cancelled");
        });
        return 0;
    }
}
