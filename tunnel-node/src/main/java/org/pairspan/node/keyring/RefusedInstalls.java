package org.pairspan.node.keyring;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.pairspan.node.keyring.Associations.Held;

/**
 * Watches what becomes of the associations that the data plane was given: one with much to do refuses. What it refused is then not held, or
 * its peer would never be asked for again. Single thread.
 */
final class RefusedInstalls {
    private final List<Held> undecided = new ArrayList<>();
    /** What the data plane is known to have, where something newer is undecided. */
    private final Map<Integer, Held> before = new HashMap<>();
    private final Map<Integer, Held> last = new HashMap<>();

    /** @param replaced what was held before; null where that was nothing. */
    void watch(Held given, Held replaced) {
        if (replaced != null && isTaken(replaced)) {
            before.put(given.peerNumber(), replaced);
        }
        undecided.add(given);
    }

    /** Tells what was refused since the last call, and what is held of its peer instead. */
    void settle(BiConsumer<Held, Optional<Held>> refused) {
        for (Held held : List.copyOf(undecided)) {
            CompletableFuture<Void> opened = held.opened().toCompletableFuture();
            if (opened.isDone()) {
                undecided.remove(held);
                if (opened.isCompletedExceptionally()) {
                    last.put(held.peerNumber(), held);
                    refused.accept(held, Optional.ofNullable(before.get(held.peerNumber())));
                } else {
                    last.remove(held.peerNumber());
                    before.put(held.peerNumber(), held);
                }
                forgetWhatIsSettled(held.peerNumber());
            }
        }
    }

    private void forgetWhatIsSettled(int peerNumber) {
        if (undecided.stream().noneMatch(held -> held.peerNumber() == peerNumber)) {
            before.remove(peerNumber);
        }
    }

    /** What was refused last, of each peer that nothing was taken of since. */
    Collection<Held> last() {
        return last.values();
    }

    /** All that is shared with a peer is closed. */
    void forget(int peerNumber) {
        undecided.removeIf(held -> held.peerNumber() == peerNumber);
        before.remove(peerNumber);
        last.remove(peerNumber);
    }

    private static boolean isTaken(Held held) {
        CompletableFuture<Void> opened = held.opened().toCompletableFuture();
        return opened.isDone() && !opened.isCompletedExceptionally();
    }
}
