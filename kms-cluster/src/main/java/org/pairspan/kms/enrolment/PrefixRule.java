package org.pairspan.kms.enrolment;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.pairspan.kms.directory.MemberEntry;
import org.pairspan.protocol.address.IpPrefix;

/**
 * Refuses to promise what could not be kept: prefixes for which no certificate can be issued, or with which no member would be registered. A
 * token that promises them would fail at its node, for a reason that the node is not told.
 */
final class PrefixRule {

    private final IssuingAuthority authority;
    private final Supplier<CompletionStage<List<MemberEntry>>> registered;

    /** @param registered all members there are, without those that are revoked */
    PrefixRule(IssuingAuthority authority, Supplier<CompletionStage<List<MemberEntry>>> registered) {
        this.authority = authority;
        this.registered = registered;
    }

    /**
     * Completes where they can be promised to this member; fails with what does not fit, an {@link IllegalArgumentException}.
     *
     * @throws IllegalArgumentException where the authority may not grant them
     */
    CompletionStage<Void> require(String memberId, List<IpPrefix> prefixes) {
        authority.requireGrantable(prefixes);
        return registered.get().thenAccept(members -> members.stream().filter(member -> !member.id().equals(memberId))
                .forEach(member -> requireApart(prefixes, member)));
    }

    private static void requireApart(List<IpPrefix> prefixes, MemberEntry member) {
        for (IpPrefix prefix : prefixes) {
            member.prefixes().stream().filter(prefix::overlaps).findFirst().ifPresent(taken -> {
                throw new IllegalArgumentException(prefix + " overlaps " + taken + " of member " + member.id()
                        + ", so that a node with it would not be registered. Choose another prefix, or revoke " + member.id() + " first");
            });
        }
    }
}
