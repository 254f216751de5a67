package org.pairspan.kms.presence;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.pairspan.kms.directory.AddressIndex;

/**
 * The members that are connected to this server, as they registered: of these the directory and the presence know nothing else, since prefixes
 * of different members never overlap, and a link that a newer one took the place of leaves. Any thread.
 */
public final class LinkedMembers {

    private final Map<String, LinkedMember> byId = new HashMap<>();
    private final Map<Integer, LinkedMember> byNumber = new HashMap<>();
    private final AddressIndex addresses = new AddressIndex();

    /** A link serves a member from now on, in the place of another of the same member. */
    public synchronized void enter(LinkedMember member) {
        LinkedMember before = byId.put(member.entry().id(), member);
        if (before != null) {
            forget(before);
        }
        addresses.put(member.entry().id(), member.entry().prefixes());
        byNumber.put(member.entry().number(), member);
    }

    /** A link serves its member no more; nothing happens where another has taken its place. */
    public synchronized void leave(String member, ActorRef<LinkPush> link) {
        LinkedMember linked = byId.get(member);
        if (linked != null && linked.link().equals(link)) {
            byId.remove(member);
            forget(linked);
        }
    }

    /** What has become another's meanwhile stays the other's: a revoked member's prefixes may be given away before its link has ended. */
    private void forget(LinkedMember gone) {
        byNumber.remove(gone.entry().number(), gone);
        addresses.remove(gone.entry().id(), gone.entry().prefixes());
    }

    /** The member that owns an address of 4 or 16 bytes; empty where it is not connected here. */
    public synchronized Optional<LinkedMember> byAddress(byte[] address) {
        return addresses.ownerOf(address).map(byId::get);
    }

    /** The member of this number; empty where it is not connected here. */
    public synchronized Optional<LinkedMember> byNumber(int number) {
        return Optional.ofNullable(byNumber.get(number));
    }
}
