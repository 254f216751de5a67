package org.pairspan.node.keyring;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the data plane is to close because the peer has lost its right to it: asked for until it is taken, since a data plane with much to
 * do refuses for a while, and a peer that is revoked must not gain from that. Single thread.
 */
final class Closings {
    private static final Logger LOG = LoggerFactory.getLogger(Closings.class);

    private final DataPlane dataPlane;
    private final Map<Integer, CompletableFuture<Boolean>> unfinished = new HashMap<>();

    Closings(DataPlane dataPlane) {
        this.dataPlane = dataPlane;
    }

    /** Has everything closed that is shared with a peer. */
    CompletionStage<Boolean> close(int number) {
        CompletableFuture<Boolean> closed = ask(number);
        if (isRefused(closed)) {
            LOG.warn("What is shared with member number {} cannot be closed yet: the data plane takes nothing now; asked again until it does", number);
        }
        return closed;
    }

    /** Asks once more for what was refused. */
    void askAgain() {
        unfinished.values().removeIf(closed -> closed.isDone() && !isRefused(closed));
        List<Integer> refused = new ArrayList<>();
        unfinished.forEach((number, closed) -> {
            if (isRefused(closed)) {
                refused.add(number);
            }
        });
        refused.forEach(this::ask);
    }

    /** Whether something of a peer is still to be closed that the data plane has not even queued: what it is given now would be closed with it. */
    boolean isRefused(int number) {
        CompletableFuture<Boolean> closed = unfinished.get(number);
        return closed != null && isRefused(closed) && isRefused(ask(number));
    }

    /** Whether nothing of a peer is left to be closed. */
    boolean isDone(int number) {
        CompletableFuture<Boolean> closed = unfinished.get(number);
        return closed == null || closed.isDone() && !isRefused(closed);
    }

    private CompletableFuture<Boolean> ask(int number) {
        CompletableFuture<Boolean> closed = dataPlane.change(new AssociationChange.Close(number)).toCompletableFuture();
        unfinished.put(number, closed);
        return closed;
    }

    private static boolean isRefused(CompletableFuture<Boolean> closed) {
        return closed.isDone() && (closed.isCompletedExceptionally() || !closed.join());
    }
}
