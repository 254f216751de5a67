package org.pairspan.kms.pairkey;

import java.util.concurrent.CompletionStage;

/**
 * Takes keys that are no more out of the journal: what its older events and snapshots of one entity hold, up to its newest snapshot. Their
 * places stay taken, so that a server that was cut off and writes late is still refused.
 */
public interface KeyErasure {

    /** Completes when nothing older than the entity's newest snapshot can be read from the journal's tables any more. */
    CompletionStage<Void> erase(String persistenceId);

    /**
     * The same where there is time for it: for what a server that died may have left, and usually has not. Does nothing while much else
     * waits, such as after many entities have come back at once.
     */
    default CompletionStage<Void> eraseLeftOver(String persistenceId) {
        return erase(persistenceId);
    }
}
