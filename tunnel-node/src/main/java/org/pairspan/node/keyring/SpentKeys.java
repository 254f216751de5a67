package org.pairspan.node.keyring;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.agrona.collections.IntHashSet;
import org.pairspan.node.keyring.Associations.Held;

/**
 * What is left of peers that are gone: which of their generations must never be taken again, because the keys were used and wiped, and with
 * them the count of what was protected under them. A peer that comes back needs a newer one; a revoked peer never does, and of it only the
 * number is left. Single thread.
 */
final class SpentKeys {
    private final Map<Integer, Long> newest = new HashMap<>();
    /** What was held last of peers that were closed and may come back. */
    private final Map<Integer, Held> withdrawn = new HashMap<>();
    private final IntHashSet revoked = new IntHashSet();

    /** A generation was given up, and all before it. */
    void spend(int number, long generation) {
        if (!revoked.contains(number)) {
            newest.merge(number, generation, Math::max);
        }
    }

    /** All that is shared with a peer is closed for now. */
    void withdraw(Held held) {
        spend(held.peerNumber(), held.generation());
        withdrawn.put(held.peerNumber(), held);
    }

    /** Something newer of a peer is in use. */
    void comesBack(int number) {
        withdrawn.remove(number);
    }

    /** All that is shared with a peer is closed for ever. */
    void revoke(int number) {
        revoked.add(number);
        newest.remove(number);
        withdrawn.remove(number);
    }

    boolean isRevoked(int number) {
        return revoked.contains(number);
    }

    /** The newest generation of a peer that must not be taken again; 0 where there is none. */
    long newest(int number) {
        return newest.getOrDefault(number, 0L);
    }

    /** Whether all that was shared with a peer up to this generation was closed. */
    boolean isClosed(int number, long generation) {
        return revoked.contains(number) || withdrawn.containsKey(number) && generation <= newest(number);
    }

    /** What was held last of each peer that was closed and may come back. */
    Collection<Held> withdrawn() {
        return withdrawn.values();
    }
}
