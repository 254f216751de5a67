package org.pairspan.cli.ctl;

import java.util.concurrent.Callable;
import org.pairspan.cli.pki.IdConverter;
import org.pairspan.kms.policy.keeping.KeyPolicyMXBean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Explains a decision. */
@Command(name = "explain",
    description = "Tells what is decided about two members, by which rule, and on which terms they talk.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = "  pairspan ctl policy explain branch-1 hq-1")
final class PolicyExplainCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "MEMBER", converter = IdConverter.class, description = "a member")
    private String one;

    @Parameters(index = "1", paramLabel = "MEMBER", converter = IdConverter.class, description = "another one")
    private String other;

    @Mixin
    private KeyServerOption server;

    @Override
    public Integer call() {
        server.print(KeyPolicyMXBean.class, (policy, operator) -> policy.explain(one, other));
        return 0;
    }
}
