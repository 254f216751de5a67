package org.pairspan.kms.enrolment;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.pairspan.kms.directory.Directory;
import org.pairspan.protocol.address.IpPrefix;

/**
 * Refuses to promise what could not be kept: prefixes for which no certificate can be issued, or with which no member would be registered. A
 * token that promises them would fail at its node, for a reason that the node is not told.
 */
final class PrefixRule {

    private final IssuingAuthority authority;
    private final Registered registered;

    /** Asks which of a member's prefixes overlaps one of another that is registered and not revoked. */
    @FunctionalInterface
    interface Registered {
        CompletionStage<Directory.ConflictReply> conflict(String memberId, List<IpPrefix> prefixes);
    }

    PrefixRule(IssuingAuthority authority, Registered registered) {
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
        return registered.conflict(memberId, prefixes).thenAccept(reply -> {
            if (reply instanceof Directory.Conflict conflict) {
                throw new IllegalArgumentException(conflict.wanted() + " overlaps " + conflict.taken() + " of member " + conflict.memberId()
                        + ", so that a node with it would not be registered. Choose another prefix, or revoke " + conflict.memberId() + " first");
            }
        });
    }
}
