package org.pairspan.kms.issue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.pairspan.kms.pairkey.PairId;
import org.pairspan.kms.pairkey.PairKey;
import org.pairspan.kms.sealing.SealedKey;

class KnownKeysTest {

    private static final PairKey.Key KEY = new PairKey.Key(1, new SealedKey(new byte[] {1}));
    private static final PairKey.Key NEWER = new PairKey.Key(2, new SealedKey(new byte[] {2}));

    private final Set<String> revoked = new HashSet<>();
    private final KnownKeys known = new KnownKeys(revoked::contains);

    @Test
    void theVersionThatWasSeenLastIsKnown() {
        assertNull(known.get(PairId.of("a", "b")));
        known.put(PairId.of("a", "b"), KEY);
        known.put(PairId.of("b", "a"), NEWER);
        assertEquals(NEWER, known.get(PairId.of("a", "b")));
    }

    @Test
    void noKeyOfARevokedMemberIsKnownAnyMore() {
        known.put(PairId.of("a", "b"), KEY);
        known.put(PairId.of("b", "c"), KEY);
        known.put(PairId.of("a", "c"), KEY);
        known.forget("b");
        assertNull(known.get(PairId.of("a", "b")));
        assertNull(known.get(PairId.of("b", "c")));
        assertEquals(KEY, known.get(PairId.of("a", "c")));
    }

    @Test
    void aKeyThatWasUnderWayWhenAMemberWasRevokedIsNotKnown() {
        revoked.add("b");
        known.forget("b");
        known.put(PairId.of("a", "b"), KEY);
        known.put(PairId.of("b", "c"), KEY);
        assertNull(known.get(PairId.of("a", "b")));
        assertNull(known.get(PairId.of("b", "c")));
    }

    @Test
    void pairsThatWereNotAskedForMakeRoom() {
        known.put(PairId.of("a", "b"), KEY);
        known.put(PairId.of("a", "c"), KEY);
        for (int i = 0; i < 19_999; i++) {
            known.put(PairId.of("m", "n" + i), KEY);
            known.get(PairId.of("a", "b"));
        }
        assertNull(known.get(PairId.of("a", "c")));
        assertEquals(KEY, known.get(PairId.of("a", "b")));
    }
}
