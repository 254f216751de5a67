package org.pairspan.node.handshake;

import org.pairspan.node.keyring.AssociationGrant;
import org.pairspan.protocol.handshake.EpochKeys;

/** Sees the keys of each exchange before they are used. Called on the thread of the key exchanges; must not throw. */
@FunctionalInterface
public interface EpochExport {
    /** Where nobody is to see them. */
    EpochExport NONE = (grant, keys) -> { };

    /**
     * @param grant of the generation; its own keys are not to be read.
     * @param keys  of the epoch, not to be kept.
     */
    void onEpoch(AssociationGrant grant, EpochKeys keys);
}
