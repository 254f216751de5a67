package org.pairspan.cli.ctl;

import java.util.List;
import java.util.concurrent.Callable;
import org.pairspan.cli.pki.IdConverter;
import org.pairspan.kms.revocation.MembersMXBean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Revokes a member. */
@Command(name = "revoke",
    description = "Takes from a member its right to keys, for good and everywhere within a second: its links are closed, its keys destroyed, its peers close "
        + "what they share with it. There is no way back. Says first who that is, and asks on a terminal whether to go on.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
        "  pairspan ctl member revoke site-b --reason 'its key was stolen'",
        "  pairspan ctl member revoke site-b --reason 'its key was stolen' --yes"})
final class MemberRevokeCommand implements Callable<Integer> {
    @Mixin
    private KeyServerOption server;

    @Parameters(paramLabel = "ID", converter = IdConverter.class, description = "the member; it need not have registered yet")
    private String member;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "for the record")
    private String reason;

    @Option(names = "--yes", description = "do not ask; needed where nobody can be asked, as in a script")
    private boolean yes;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (!yes && !TypedSecrets.isTerminal()) {
            throw new ParameterException(spec.commandLine(), "a revocation has no way back, and nobody can be asked here: give --yes");
        }
        String about = server.call(MembersMXBean.class, (members, operator) -> members.about(member));
        spec.commandLine().getErr().println(about);
        if (!yes) {
            Confirmation.ask("Revoke " + member + " for good?", member);
        }
        server.print(MembersMXBean.class, (members, operator) -> List.of(members.revoke(operator, member, reason)));
        return 0;
    }
}
