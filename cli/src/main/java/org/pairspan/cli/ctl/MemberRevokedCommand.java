package org.pairspan.cli.ctl;

import java.util.List;
import java.util.concurrent.Callable;
import org.pairspan.kms.revocation.MembersMXBean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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

    @Override
    public Integer call() {
        server.print(MembersMXBean.class, (members, operator) -> {
            List<String> revoked = List.of(members.getRevoked());
            return revoked.isEmpty() ? List.of("no member was revoked") : revoked;
        });
        return 0;
    }
}
