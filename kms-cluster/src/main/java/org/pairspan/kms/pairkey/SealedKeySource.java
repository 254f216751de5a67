package org.pairspan.kms.pairkey;

import java.util.concurrent.CompletionStage;
import org.pairspan.kms.sealing.SealedKey;
import org.pairspan.kms.sealing.Sealer;
import org.pairspan.kms.source.KeySource;

/** New keys, sealed where they are made: the plaintext reaches no mailbox. Any thread. */
public final class SealedKeySource {

    private final KeySource source;
    private final Sealer sealer;

    public SealedKeySource(KeySource source, Sealer sealer) {
        this.source = source;
        this.sealer = sealer;
    }

    /** A new key of a pair, sealed for {@link PairKey#persistenceId(PairId)} and this version. Fails where the source or the sealer does. */
    CompletionStage<SealedKey> next(PairId pair, int version) {
        return source.next().thenApply(key -> {
            try {
                return sealer.seal(PairKey.persistenceId(pair), version, key.bytes());
            } finally {
                key.wipe();
            }
        });
    }
}
