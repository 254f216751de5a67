package org.pairspan.cli.ctl;

import java.util.List;
import java.util.concurrent.Callable;
import org.pairspan.kms.revocation.MembersMXBean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Revokes a member. */
@Command(name = "revoke",
    description = "Takes from a member its right to keys, for good and everywhere within a second: its links are closed, its keys destroyed, its peers close "
        + "what they share with it.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
        "  pairspan ctl member revoke site-b --reason 'its key was stolen'"})
final class MemberRevokeCommand implements Callable<Integer> {
    @Mixin
    private KeyServerOption server;

    @Parameters(paramLabel = "ID", description = "the member; it need not have registered yet")
    private String member;

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "for the record")
    private String reason;

    @Override
    public Integer call() {
        server.print(MembersMXBean.class, (members, operator) -> List.of(members.revoke(operator, member, reason)));
        return 0;
    }
}
