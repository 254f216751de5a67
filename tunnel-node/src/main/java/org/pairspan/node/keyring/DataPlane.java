package org.pairspan.node.keyring;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** What the control thread tells the data thread. Called by the control thread; implementations queue and return at once. */
public interface DataPlane {
    /**
     * Takes an association into use, and with it its keys: the callee wipes them when the association ends. A generation is
     * installed at most once.
     *
     * @return completes when packets of the peer under it are accepted; exceptionally when it could not be taken.
     */
    CompletionStage<Void> install(AssociationGrant grant);

    /**
     * Takes a step of a key's update, or closes what is shared with a peer.
     *
     * @return completes with whether it is so now; exceptionally when the data plane takes nothing more.
     */
    CompletionStage<Boolean> change(AssociationChange change);

    /**
     * The key service says that there is no key for this address: held packets are dropped.
     *
     * @param address 4 or 16 bytes, network order.
     * @param forget  for how long the answer holds and need not be asked again.
     */
    void peerUnknown(byte[] address, Duration forget);
}
