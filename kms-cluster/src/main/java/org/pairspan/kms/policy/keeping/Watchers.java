package org.pairspan.kms.policy.keeping;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;

/** The key servers that follow the policy, as far as this entity has heard of them lately. Single thread. */
final class Watchers {

    /** A server that is silent for longer has stopped, or is cut off and refuses by itself. */
    private static final Duration FORGET_AFTER = Duration.ofSeconds(10);

    private record Watcher(ActorRef<KeyPolicy.Notice> ref, long version, long heardAtNs) {
    }

    private final Map<String, Watcher> byServer = new TreeMap<>();
    private final LongSupplier nanoTime;

    Watchers(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void heard(KeyPolicy.Watch watch) {
        byServer.put(watch.server(), new Watcher(watch.watcher(), watch.heldVersion(), nanoTime.getAsLong()));
        forgetSilent();
    }

    void tell(KeyPolicy.Notice notice) {
        forgetSilent();
        byServer.values().forEach(watcher -> watcher.ref().tell(notice));
    }

    /** Names of servers that do not hold this version yet. */
    List<String> behind(long version) {
        forgetSilent();
        return byServer.entrySet().stream().filter(entry -> entry.getValue().version() != version).map(Map.Entry::getKey).toList();
    }

    /** Names of those that hold it. */
    List<String> at(long version) {
        forgetSilent();
        return byServer.entrySet().stream().filter(entry -> entry.getValue().version() == version).map(Map.Entry::getKey)
                .sorted(Comparator.naturalOrder()).toList();
    }

    private void forgetSilent() {
        long now = nanoTime.getAsLong();
        byServer.values().removeIf(watcher -> now - watcher.heardAtNs() > FORGET_AFTER.toNanos());
    }
}
