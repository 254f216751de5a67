package org.pairspan.node.keyring;

/** A step of the update of the key shared with one peer (KS-8), or the end of all that is shared with it. Each may be taken twice. */
public sealed interface AssociationChange {
    /** The peer's member number. */
    int peerNumber();

    /**
     * Opens what comes under a generation, and sends nothing under it before {@link Activate}, or before the peer does. It takes the place
     * of another that was prepared.
     *
     * @param grant with the keys, which the callee wipes when the association ends.
     */
    record Prepare(AssociationGrant grant) implements AssociationChange {
        @Override
        public int peerNumber() {
            return grant.peerNumber();
        }
    }

    /** Sends under the prepared generation from now on. */
    record Activate(int peerNumber, long generation) implements AssociationChange {
    }

    /** Closes every generation before this one, which is in use. */
    record Retire(int peerNumber, long generation) implements AssociationChange {
    }

    /** Forgets a prepared generation. */
    record RollBack(int peerNumber, long generation) implements AssociationChange {
    }

    /** Closes everything: the peer has lost its right to keys. */
    record Close(int peerNumber) implements AssociationChange {
    }
}
