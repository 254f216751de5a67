package org.pairspan.kms.pairkey;

import org.pairspan.kms.cluster.ClusterMessage;
import org.pairspan.kms.sealing.SealedKey;

/** What happens to the versions of a pair's key, as the journal has it. The first version comes as {@link PairKey.KeyCreated}. */
public sealed interface PairKeyEvent extends ClusterMessage permits PairKey.KeyCreated, PairKeyEvent.Prepared, PairKeyEvent.Activated,
        PairKeyEvent.Retired, PairKeyEvent.Destroyed {

    /** A next version is there; one that was prepared before and never activated is gone. */
    record Prepared(PairId pair, int version, SealedKey sealed) implements PairKeyEvent {
    }

    /** The prepared version is the current one; the one before stays until it is retired. */
    record Activated(PairId pair, int version) implements PairKeyEvent {
    }

    /** A version, prepared or past, is gone. */
    record Retired(PairId pair, int version) implements PairKeyEvent {
    }

    /** Every version is gone, and no other will ever be: a member of the pair has lost its right to keys. */
    record Destroyed(PairId pair) implements PairKeyEvent {
    }
}
