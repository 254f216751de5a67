package org.pairspan.cli.ctl;

import java.util.concurrent.Callable;
import org.pairspan.kms.revocation.MembersMXBean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows who was revoked. */
@Command(name = "revoked",
    description = "Shows the members that were revoked, the first to be so first.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
        "  pairspan ctl member revoked"})
final class MemberRevokedCommand implements Callable<Integer> {
    @Mixin
    private KeyServerOption server;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        for (String line : server.call(MembersMXBean.class, (members, operator) -> members.getRevoked())) {
            spec.commandLine().getOut().println(line);
        }
        return 0;
    }
}
