package org.pairspan.kms.endpoint;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.pairspan.kms.presence.Push;

/** Installs a member has not acknowledged yet. Who waits for one gives up by itself, so the oldest are forgotten past a bound. */
final class PendingInstalls {

    private static final int MAX = 256;

    private final Map<Long, ActorRef<Push.Outcome>> waiting = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, ActorRef<Push.Outcome>> eldest) {
            return size() > MAX;
        }
    };
    private long lastId;

    /** The correlation id for the frame. */
    long add(ActorRef<Push.Outcome> replyTo) {
        waiting.put(++lastId, replyTo);
        return lastId;
    }

    /** Who waits for this acknowledgement; empty where nobody does any more. */
    Optional<ActorRef<Push.Outcome>> remove(long id) {
        return Optional.ofNullable(waiting.remove(id));
    }
}
