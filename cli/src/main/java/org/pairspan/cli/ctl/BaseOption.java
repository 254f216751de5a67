package org.pairspan.cli.ctl;

import org.pairspan.kms.policy.keeping.KeyPolicyMXBean;
import picocli.CommandLine.Option;

/** The version that a change of the policy follows. For {@code @Mixin} in a command. */
final class BaseOption {
    @Option(names = "--base", paramLabel = "N",
        description = "the version in force that this change follows, such as the one 'policy check' was held against; nothing is done where another one is in "
            + "force by now (default: the one in force when this command began)")
    private Long base;

    /** The version given or, without one, the one in force now. */
    long of(KeyPolicyMXBean policy) {
        return base == null ? policy.newestVersion() : base;
    }
}
