package org.pairspan.kms.issue;

import java.util.Optional;
import org.pairspan.kms.presence.LinkedMember;
import org.pairspan.kms.presence.LinkedMembers;
import org.pairspan.kms.revocation.RevokedMembers;

/** Peers that need not be searched for, because they are connected to this server. Any thread. */
record PeersHere(LinkedMembers linked, RevokedMembers revoked) {

    /** Empty where the directory has to say who it is: it is not connected here, is revoked, or may have been revoked a moment ago. */
    Optional<LinkedMember> find(Wanted wanted) {
        if (!revoked.isComplete()) {
            return Optional.empty();
        }
        Optional<LinkedMember> peer = wanted.peerAddress() == null ? linked.byNumber(wanted.peerNumber()) : linked.byAddress(wanted.peerAddress());
        return peer.filter(found -> !revoked.has(found.entry().id()));
    }
}
