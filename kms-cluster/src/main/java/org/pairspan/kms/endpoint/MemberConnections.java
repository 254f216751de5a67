package org.pairspan.kms.endpoint;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;

/**
 * Connections that have shown whose they are. A member has so many at the most, so that none can take the places of all: one more, and
 * its oldest has to end. The oldest, because a member whose machine lost its power leaves connections behind that nobody uses. Any thread.
 *
 * @param <C> a connection
 */
public final class MemberConnections<C> {

    private final int mostOfOne;
    private final Map<String, SequencedSet<C>> byMember = new HashMap<>();

    /** @param mostOfOne member, from 1 */
    public MemberConnections(int mostOfOne) {
        this.mostOfOne = mostOfOne;
    }

    /** Counts one more, which must {@link #leave}; returns the member's oldest where that has to end. */
    public synchronized Optional<C> enter(String member, C connection) {
        SequencedSet<C> open = byMember.computeIfAbsent(member, first -> new LinkedHashSet<>());
        open.add(connection);
        return open.size() > mostOfOne ? Optional.of(open.removeFirst()) : Optional.empty();
    }

    /** It is gone; nothing happens where it is not counted. */
    public synchronized void leave(String member, C connection) {
        byMember.computeIfPresent(member, (same, open) -> {
            open.remove(connection);
            return open.isEmpty() ? null : open;
        });
    }
}
