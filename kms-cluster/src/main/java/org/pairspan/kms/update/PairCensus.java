package org.pairspan.kms.update;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Finds pairs that have a key, or had one; none whose keys are destroyed. Entity ids, in an order that is always the same. Each question
 * has the last id of the answer before: after the last pairs come none.
 */
public interface PairCensus {

    /**
     * The next pairs.
     *
     * @param after  an id of a pair; empty for the first
     * @param member only pairs of this member; null for all
     * @param most   of them
     */
    CompletionStage<List<String>> next(String after, String member, int most);

    /**
     * The next pairs whose key has not changed.
     *
     * @param after an id of a pair; empty for the first
     * @param atMs  since then, ms since 1970
     * @param most  of them
     */
    CompletionStage<List<String>> unchangedSince(String after, long atMs, int most);
}
