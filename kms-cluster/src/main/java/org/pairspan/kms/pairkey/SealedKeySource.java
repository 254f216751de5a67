package org.pairspan.kms.pairkey;

import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.pairspan.kms.sealing.SealedKey;
import org.pairspan.kms.sealing.Sealer;
import org.pairspan.kms.source.KeyOrigin;
import org.pairspan.kms.source.KeySource;

/** New keys, sealed where they are made: the plaintext reaches no mailbox. On record before anybody has them. Any thread. */
public final class SealedKeySource {

    private final Function<PairId, KeySource> sources;
    private final Sealer sealer;
    private final Record record;

    /** Keeps what a new key was made of. */
    @FunctionalInterface
    public interface Record {

        /** Completes when it is kept; fails where it cannot be, and then there is no key. */
        CompletionStage<Void> made(PairId pair, int version, KeyOrigin origin);
    }

    /** @param sources the source that a pair's keys are to come from now */
    public SealedKeySource(Function<PairId, KeySource> sources, Sealer sealer, Record record) {
        this.sources = sources;
        this.sealer = sealer;
        this.record = record;
    }

    /**
     * A new key of a pair, sealed for {@link PairKey#persistenceId(PairId)} and this version. Fails where the source, the sealer or the record
     * does.
     */
    CompletionStage<SealedKey> next(PairId pair, int version) {
        return sources.apply(pair).next().thenCompose(key -> {
            try {
                SealedKey sealed = sealer.seal(PairKey.persistenceId(pair), version, key.bytes());
                return record.made(pair, version, key.origin()).thenApply(kept -> sealed);
            } finally {
                key.wipe();
            }
        });
    }
}
