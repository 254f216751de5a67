package org.pairspan.kms.delivery;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Knows the masters that ever took keys. */
@FunctionalInterface
public interface MasterCensus {

    /**
     * Some of them, in order.
     *
     * @param after the last one known; empty at the beginning
     * @param most  no more than so many
     */
    CompletionStage<List<String>> next(String after, int most);
}
