package org.pairspan.cli.ctl;

import java.util.concurrent.Callable;
import org.pairspan.kms.policy.keeping.KeyPolicyMXBean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows a policy. */
@Command(name = "show",
    description = "Shows the document of the policy in force, or of an earlier version.",
    footerHeading = "%nExample:%n",
    footer = "  pairspan ctl policy show --version 3")
final class PolicyShowCommand implements Callable<Integer> {
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help message and exit.")
    private boolean help;

    @Option(names = "--version", paramLabel = "N", defaultValue = "-1", description = "a version (default: the one in force)")
    private long version;

    @Mixin
    private KeyServerOption server;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().getOut().print(server.<KeyPolicyMXBean, String>call(KeyPolicyMXBean.class, (policy, operator) -> policy.text(version)));
        spec.commandLine().getOut().flush();
        return 0;
    }
}
