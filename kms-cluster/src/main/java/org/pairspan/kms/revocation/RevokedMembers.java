package org.pairspan.kms.revocation;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.pairspan.kms.directory.Revocation;

/** The members that have lost their right to keys, as this server knows them. Any thread. */
public final class RevokedMembers {

    /** Some looks at the directory may fail, as they do while it moves to another server. */
    private static final Duration COMPLETE_FOR = Duration.ofSeconds(1);

    private final Set<String> ids = ConcurrentHashMap.newKeySet();
    private final List<Integer> numbers = new CopyOnWriteArrayList<>();
    private final Set<Consumer<Revocation>> listeners = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> known = new CompletableFuture<>();
    private volatile Long completeNs;

    /**
     * Waits until all that were revoked before the watch began are known. May be called on a thread of the common pool, where the answers
     * of other entities arrive: a future tells the pool that it waits, so that the pool has another thread for them.
     *
     * @return false where they are not after the patience
     */
    public boolean awaitKnown(Duration patience) throws InterruptedException {
        try {
            known.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException never) {
            throw new IllegalStateException(never);
        }
    }

    /** Whether a member, by its id, is one of them. */
    public boolean has(String memberId) {
        return ids.contains(memberId);
    }

    /** Their ids; grows while it is read. */
    public Set<String> ids() {
        return Collections.unmodifiableSet(ids);
    }

    /** Whether all are known here that were revoked until a moment ago: not where the directory cannot be asked. */
    public boolean isComplete() {
        Long ns = completeNs;
        return ns != null && System.nanoTime() - ns < COMPLETE_FOR.toNanos();
    }

    /** The numbers of those that had one. */
    public List<Integer> numbers() {
        return List.copyOf(numbers);
    }

    /** Has every revocation told from now on; called on another thread, must not block. */
    public void listen(Consumer<Revocation> listener) {
        listeners.add(listener);
    }

    /** Has nothing told any more. */
    public void ignore(Consumer<Revocation> listener) {
        listeners.remove(listener);
    }

    /** The directory had no others at that time, {@link System#nanoTime()}, or later. */
    void allKnown(long ns) {
        completeNs = ns;
        known.complete(null);
    }

    void add(Revocation revocation) {
        if (ids.add(revocation.memberId())) {
            if (revocation.number() > 0) {
                numbers.add(revocation.number());
            }
            listeners.forEach(listener -> listener.accept(revocation));
        }
    }
}
