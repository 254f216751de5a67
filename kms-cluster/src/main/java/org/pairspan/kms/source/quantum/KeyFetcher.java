package org.pairspan.kms.source.quantum;

import java.util.concurrent.CompletionStage;
import org.pairspan.kms.etsi014.KeyContainer;

/** Gets keys. */
@FunctionalInterface
interface KeyFetcher {

    /**
     * Asks once, in bounded time.
     *
     * @param number keys wanted, from 1
     * @return what the KME gave, read but not yet judged; fails with {@link KmeException}
     */
    CompletionStage<KeyContainer> fetch(int number);
}
