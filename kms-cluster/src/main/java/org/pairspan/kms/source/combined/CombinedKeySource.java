package org.pairspan.kms.source.combined;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.pairspan.kms.source.KeyOrigin;
import org.pairspan.kms.source.KeySource;
import org.pairspan.kms.source.KeySourceException;
import org.pairspan.kms.source.SourcedKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks both sources for each key, and combines what they give. Where one fails it depends: either both are required, and there is no key,
 * or the other's key does alone, and says so by its origin. Any thread.
 */
final class CombinedKeySource implements KeySource {

    private static final Logger LOG = LoggerFactory.getLogger(CombinedKeySource.class);

    private final KeySource random;
    private final KeySource quantum;
    private final KeyCombination combination;
    private final boolean bothRequired;

    /** What came of asking one source; exactly one of the two is null. */
    private record Outcome(SourcedKey key, Throwable failure) {

        void wipe() {
            if (key != null) {
                key.wipe();
            }
        }

        Throwable cause() {
            return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        }
    }

    CombinedKeySource(KeySource random, KeySource quantum, KeyCombination combination, boolean bothRequired) {
        this.random = random;
        this.quantum = quantum;
        this.combination = combination;
        this.bothRequired = bothRequired;
    }

    @Override
    public CompletionStage<SourcedKey> next() {
        return ask(random).thenCombine(ask(quantum), this::combine);
    }

    private static CompletionStage<Outcome> ask(KeySource source) {
        CompletionStage<SourcedKey> asked;
        try {
            asked = source.next();
        } catch (RuntimeException e) {
            asked = CompletableFuture.failedStage(e);
        }
        return asked.handle(Outcome::new);
    }

    private SourcedKey combine(Outcome one, Outcome other) {
        if (one.failure() == null && other.failure() == null) {
            try {
                return new SourcedKey(combination.of(one.key().bytes(), other.key().bytes()), KeyOrigin.BOTH);
            } finally {
                one.wipe();
                other.wipe();
            }
        }
        Outcome failed = one.failure() == null ? other : one;
        Outcome left = one.failure() == null ? one : other;
        if (left.failure() != null) {
            throw new KeySourceException("both key sources fail: " + one.cause().getMessage() + "; " + other.cause().getMessage(),
                    other.cause());
        }
        if (bothRequired) {
            left.wipe();
            throw new KeySourceException("both key sources are required, and one fails: " + failed.cause().getMessage(), failed.cause());
        }
        LOG.debug("a key of the {} source alone: {}", left.key().origin(), failed.cause().getMessage());
        return left.key();
    }
}
