package org.pairspan.kms.issue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.pairspan.kms.pairkey.PairId;
import org.pairspan.kms.pairkey.PairKey;

/**
 * Keys of pairs that were asked for last, sealed. A version of a key never changes once it is stored, and which version is in use the
 * association says each time, so nothing here can be out of date. Any thread.
 */
final class KnownKeys {

    /** Some 300 bytes each. */
    private static final int MOST = 20_000;

    private final Predicate<String> revoked;
    private final Map<PairId, PairKey.Key> keys = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<PairId, PairKey.Key> eldest) {
            return size() > MOST;
        }
    };

    /** @param revoked whether a member has lost its right to keys; says so before {@link #forget} is called */
    KnownKeys(Predicate<String> revoked) {
        this.revoked = revoked;
    }

    /** The newest version that was seen of a pair's key; null where none is known. */
    synchronized PairKey.Key get(PairId pair) {
        return keys.get(pair);
    }

    /** Nothing happens where a member of the pair is revoked: a key that was under way then must not stay here. */
    synchronized void put(PairId pair, PairKey.Key key) {
        if (!revoked.test(pair.low()) && !revoked.test(pair.high())) {
            keys.put(pair, key);
        }
    }

    /** The member has lost its right to keys. */
    synchronized void forget(String member) {
        keys.keySet().removeIf(pair -> pair.has(member));
    }
}
