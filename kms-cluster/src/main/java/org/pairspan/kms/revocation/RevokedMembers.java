package org.pairspan.kms.revocation;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.pairspan.kms.directory.Revocation;

/** The members that have lost their right to keys, as this server knows them. Any thread. */
public final class RevokedMembers {

    private final Set<String> ids = ConcurrentHashMap.newKeySet();
    private final List<Integer> numbers = new CopyOnWriteArrayList<>();
    private final Set<Consumer<Revocation>> listeners = ConcurrentHashMap.newKeySet();

    /** Whether a member, by its id, is one of them. */
    public boolean has(String memberId) {
        return ids.contains(memberId);
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

    void add(Revocation revocation) {
        if (ids.add(revocation.memberId())) {
            if (revocation.number() > 0) {
                numbers.add(revocation.number());
            }
            listeners.forEach(listener -> listener.accept(revocation));
        }
    }
}
