package org.pairspan.cli.ctl;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.pairspan.kms.policy.keeping.KeyPolicyMXBean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Holds a document against the policy in force. */
@Command(name = "check",
    description = "Tells every fault in a document or, where it has none, what would change if it were applied now. Changes nothing.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = "  pairspan ctl policy check policy.conf")
final class PolicyCheckCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "the document")
    private Path file;

    @Mixin
    private KeyServerOption server;

    @Override
    public Integer call() {
        String text = PolicyFile.read(file);
        server.print(KeyPolicyMXBean.class, (policy, operator) -> policy.check(text));
        return 0;
    }
}
