package org.pairspan.cli.ctl;

import java.util.List;
import java.util.concurrent.Callable;
import org.pairspan.kms.revocation.MembersMXBean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows who is a member. */
@Command(name = "list",
    description = "Shows the members that have registered and are not revoked, the first to do so first: number, prefixes, where peers reach it.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
        "  pairspan ctl member list"})
final class MemberListCommand implements Callable<Integer> {
    @Mixin
    private KeyServerOption server;

    @Override
    public Integer call() {
        server.print(MembersMXBean.class, (members, operator) -> {
            List<String> known = List.of(members.list());
            return known.isEmpty() ? List.of("no member has registered") : known;
        });
        return 0;
    }
}
