package org.pairspan.cli.ctl;

import java.util.List;
import java.util.concurrent.Callable;
import org.pairspan.kms.unsealing.SealingMXBean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Makes a key server forget its keys. */
@Command(name = "seal",
    description = "Makes a key server forget all keys and stop serving, at once, for an emergency. It runs on, sealed, until 'pairspan ctl unseal'. "
        + "Other key servers of the cluster go on: seal each.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = "  pairspan ctl seal --name kms-2")
final class SealCommand implements Callable<Integer> {
    @Mixin
    private KeyServerOption server;

    @Override
    public Integer call() {
        server.print(SealingMXBean.class, (sealing, operator) -> List.of(sealing.seal(operator)));
        return 0;
    }
}
