package org.pairspan.kms.delivery;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.pairspan.kms.delivery.HeldKeys.KeysDestroyed;
import org.pairspan.kms.delivery.HeldKeys.KeysStored;
import org.pairspan.kms.delivery.HeldKeys.KeysTaken;
import org.pairspan.kms.delivery.HeldKeys.Limits;
import org.pairspan.kms.delivery.HeldKeys.Snapshot;

/** The keys of one master in memory. Changed in place by the entity's thread, by events only; snapshots are copies. */
final class HeldKeysState {

    private final Map<KeyId, HeldKey> keys = new LinkedHashMap<>();

    static HeldKeysState of(Snapshot snapshot) {
        HeldKeysState state = new HeldKeysState();
        snapshot.keys().forEach(key -> state.keys.put(key.named().id(), key));
        return state;
    }

    Snapshot snapshot() {
        return new Snapshot(List.copyOf(keys.values()));
    }

    HeldKeysState store(KeysStored stored) {
        List<Recipient> recipients = stored.slaves().stream().map(sae -> new Recipient(sae, false, stored.until())).toList();
        stored.keys().forEach(key -> keys.put(key.id(), new HeldKey(key, recipients)));
        return this;
    }

    HeldKeysState take(KeysTaken taken) {
        taken.keys().forEach(id -> keys.computeIfPresent(id, (same, key) -> key.delivered(taken.slave(), taken.until())));
        return this;
    }

    HeldKeysState destroy(KeysDestroyed destroyed) {
        keys.values().removeIf(key -> key.isDue(destroyed.at()));
        return this;
    }

    /** Null where there is no such key any more. */
    HeldKey get(KeyId id, long now) {
        HeldKey key = keys.get(id);
        return key == null || key.isDue(now) ? null : key;
    }

    /** What has to happen: the rights of revoked slaves end, and what nobody may have any more is destroyed, all of a revoked master. */
    List<HeldKeys.Event> due(String master, Predicate<String> revoked, long now) {
        List<HeldKeys.Event> due = new ArrayList<>();
        if (revoked.test(master)) {
            if (!keys.isEmpty()) {
                due.add(new KeysDestroyed(Long.MAX_VALUE));
            }
            return due;
        }
        Map<String, List<KeyId>> ended = new LinkedHashMap<>();
        for (HeldKey key : keys.values()) {
            for (Recipient recipient : key.recipients()) {
                if (recipient.until() > now && revoked.test(recipient.sae())) {
                    ended.computeIfAbsent(recipient.sae(), first -> new ArrayList<>()).add(key.named().id());
                }
            }
        }
        ended.forEach((slave, ids) -> due.add(new KeysTaken(slave, ids, now)));
        if (keys.values().stream().anyMatch(key -> key.recipients().stream()
                .allMatch(recipient -> recipient.until() <= now || ended.containsKey(recipient.sae())))) {
            due.add(new KeysDestroyed(now));
        }
        return due;
    }

    /** How many more keys each of these slaves could be given. */
    int room(List<String> slaves, Limits limits, long now) {
        List<HeldKey> alive = keys.values().stream().filter(key -> !key.isDue(now)).toList();
        int room = limits.mostInAll() - alive.size();
        for (String slave : slaves) {
            long waiting = alive.stream().map(key -> key.recipient(slave))
                    .filter(recipient -> recipient != null && !recipient.delivered() && recipient.until() > now).count();
            room = Math.min(room, limits.mostForOneSlave() - (int) waiting);
        }
        return Math.max(0, room);
    }
}
