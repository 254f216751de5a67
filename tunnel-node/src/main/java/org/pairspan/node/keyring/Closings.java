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
 * What the data plane is to close and wipe, because the peer has lost its right to it or because it was given up: asked for until it is
 * taken, since a data plane with much to do refuses for a while, and nobody else asks again. Single thread.
 */
final class Closings {
    private static final Logger LOG = LoggerFactory.getLogger(Closings.class);

    private final DataPlane dataPlane;
    private final Map<AssociationChange, CompletableFuture<Boolean>> unfinished = new HashMap<>();

    Closings(DataPlane dataPlane) {
        this.dataPlane = dataPlane;
    }

    /** Has everything closed that is shared with a peer. */
    CompletionStage<Boolean> close(int number) {
        return begin(new AssociationChange.Close(number));
    }

    /** Has a prepared generation closed. */
    CompletionStage<Boolean> rollBack(AssociationChange.RollBack change) {
        return begin(change);
    }

    /** Asks once more for what was refused. */
    void askAgain() {
        unfinished.values().removeIf(closed -> closed.isDone() && !isRefused(closed));
        List<AssociationChange> refused = new ArrayList<>();
        unfinished.forEach((change, closed) -> {
            if (isRefused(closed)) {
                refused.add(change);
            }
        });
        refused.forEach(this::ask);
    }

    /**
     * Whether all that is shared with a peer is still to be closed and the data plane has not even queued that: what it is given now would be
     * closed with it.
     */
    boolean isRefused(int number) {
        AssociationChange.Close close = new AssociationChange.Close(number);
        CompletableFuture<Boolean> closed = unfinished.get(close);
        return closed != null && isRefused(closed) && isRefused(ask(close));
    }

    /** Whether all that was shared with a peer and was to be closed is. */
    boolean isDone(int number) {
        CompletableFuture<Boolean> closed = unfinished.get(new AssociationChange.Close(number));
        return closed == null || closed.isDone() && !isRefused(closed);
    }

    private CompletableFuture<Boolean> begin(AssociationChange change) {
        CompletableFuture<Boolean> closed = ask(change);
        if (isRefused(closed)) {
            LOG.warn("The data plane takes nothing now; asked again until it does: {}", change);
        }
        return closed;
    }

    private CompletableFuture<Boolean> ask(AssociationChange change) {
        CompletableFuture<Boolean> closed = dataPlane.change(change).toCompletableFuture();
        unfinished.put(change, closed);
        return closed;
    }

    private static boolean isRefused(CompletableFuture<Boolean> closed) {
        return closed.isDone() && (closed.isCompletedExceptionally() || !closed.join());
    }
}
