package org.pairspan.cli.ctl;

import java.util.concurrent.Callable;
import org.pairspan.kms.policy.keeping.KeyPolicyMXBean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows what was in force. */
@Command(name = "history",
    description = "Shows the versions of the policy that are kept, the newest first, and which key servers hold it.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = "  pairspan ctl policy history")
final class PolicyHistoryCommand implements Callable<Integer> {
    @Mixin
    private KeyServerOption server;

    @Override
    public Integer call() {
        server.print(KeyPolicyMXBean.class, (policy, operator) -> policy.history());
        return 0;
    }
}
