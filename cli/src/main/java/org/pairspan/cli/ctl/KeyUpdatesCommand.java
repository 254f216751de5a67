package org.pairspan.cli.ctl;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.pairspan.kms.update.KeyUpdatesMXBean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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

    @Override
    public Integer call() {
        server.print(KeyUpdatesMXBean.class, (updates, operator) -> {
            List<String> shown = new ArrayList<>(List.of(updates.getUpdates()));
            if (shown.isEmpty()) {
                shown.add("no update of keys");
            }
            for (String pair : updates.getPairs()) {
                shown.add("  " + pair);
            }
            return shown;
        });
        return 0;
    }
}
