package org.pairspan.cli.ctl;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.pairspan.kms.policy.keeping.KeyPolicyMXBean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Changes the policy. */
@Command(name = "apply",
    description = "Puts a document in force, at every key server within seconds. Associations of pairs that it does not allow any more are closed.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = "  pairspan ctl policy apply policy.conf --comment \"branch 7 has moved\"")
final class PolicyApplyCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "the document")
    private Path file;

    @Option(names = "--comment", paramLabel = "TEXT", required = true, description = "why, for the history: 1 to 200 characters")
    private String comment;

    @Mixin
    private BaseOption base;

    @Mixin
    private KeyServerOption server;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        String text = PolicyFile.read(file);
        spec.commandLine().getOut().println(server.<KeyPolicyMXBean, String>call(KeyPolicyMXBean.class, (policy, operator) -> {
            long inForce = base.of(policy);
            policy.check(text).forEach(spec.commandLine().getOut()::println);
            return policy.apply(operator, inForce, comment, text);
        }));
        return 0;
    }
}
