package org.pairspan.cli.ctl;

import java.util.concurrent.Callable;
import org.pairspan.cli.pki.IdConverter;
import org.pairspan.kms.update.KeyUpdatesMXBean;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Begins updates of keys. */
@Command(name = "rotate",
    description = "Brings keys to a new version, at both members or at neither. Returns at once; 'ctl key updates' shows how far it is.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
        "  pairspan ctl key rotate --pair site-a site-b",
        "  pairspan ctl key rotate --member site-a",
        "  pairspan ctl key rotate --all"})
final class KeyRotateCommand implements Callable<Integer> {
    @Mixin
    private KeyServerOption server;

    @Spec
    private CommandSpec spec;

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Scope scope;

    /** Which keys. */
    static final class Scope {
        @Option(names = "--pair", arity = "2", paramLabel = "ID", converter = IdConverter.class, description = "the key of these two members")
        private String[] pair;

        @Option(names = "--member", paramLabel = "ID", converter = IdConverter.class, description = "every key of this member")
        private String member;

        @Option(names = "--all", description = "every key")
        private boolean all;
    }

    @Override
    public Integer call() {
        if (scope.pair != null && scope.pair[0].equals(scope.pair[1])) {
            throw new ParameterException(spec.commandLine(), "a pair has two different members");
        }
        long update = server.call(KeyUpdatesMXBean.class, (updates, operator) -> scope.pair != null
            ? updates.rotatePair(operator, scope.pair[0], scope.pair[1])
            : scope.member != null ? updates.rotateMember(operator, scope.member) : updates.rotateAll(operator));
        spec.commandLine().getOut().println("key update " + update + " begins");
        return 0;
    }
}
