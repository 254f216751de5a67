package org.pairspan.cli.ctl;

import java.util.List;
import java.util.concurrent.Callable;
import org.pairspan.kms.policy.keeping.KeyPolicyMXBean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Goes back to an earlier policy. */
@Command(name = "rollback",
    description = "Puts the document of an earlier version in force again, as a new version.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = "  pairspan ctl policy rollback 3")
final class PolicyRollbackCommand implements Callable<Integer> {
    @Parameters(paramLabel = "N", description = "the version to go back to; 'policy history' shows them")
    private long version;

    @Mixin
    private BaseOption base;

    @Mixin
    private KeyServerOption server;

    @Override
    public Integer call() {
        server.print(KeyPolicyMXBean.class, (policy, operator) -> List.of(policy.rollback(operator, base.of(policy), version)));
        return 0;
    }
}
