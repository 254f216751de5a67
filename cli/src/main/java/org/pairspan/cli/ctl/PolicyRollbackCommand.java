package org.pairspan.cli.ctl;

import java.util.concurrent.Callable;
import org.pairspan.kms.policy.keeping.KeyPolicyMXBean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Goes back to an earlier policy. */
@Command(name = "rollback",
    description = "Puts the document of an earlier version in force again, as a new version.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = "  pairspan ctl policy rollback 3")
final class PolicyRollbackCommand implements Callable<Integer> {
    @Parameters(paramLabel = "N", description = "the version to go back to; 'policy history' shows them")
    private long version;

    @Option(names = "--base", paramLabel = "N",
        description = "nothing is done where another version is in force (default: the one in force when this command began)")
    private Long base;

    @Mixin
    private KeyServerOption server;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getOut().println(server.<KeyPolicyMXBean, String>call(KeyPolicyMXBean.class,
            (policy, operator) -> policy.rollback(operator, base == null ? policy.newestVersion() : base, version)));
        return 0;
    }
}
