package org.pairspan.kms.update;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Finds pairs that have a key. Entity ids, in an order that is always the same. */
public interface PairCensus {

    /**
     * The next pairs.
     *
     * @param after  an id of a pair; empty for the first
     * @param member only pairs of this member; null for all
     * @param most   of them
     */
    CompletionStage<List<String>> next(String after, String member, int most);

    /** Pairs whose key has not changed since, ms since 1970; so many at most. */
    CompletionStage<List<String>> unchangedSince(long atMs, int most);
}
