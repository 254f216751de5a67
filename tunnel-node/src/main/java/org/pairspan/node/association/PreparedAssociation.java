package org.pairspan.node.association;

import org.pairspan.node.keyring.AssociationGrant;

/**
 * A generation that opens packets and protects none yet: the first of a new version of the key shared with a peer (KS-8). It waits until
 * the key service says that both members have it, or until the peer sends under it, which says the same.
 *
 * @param grant its keys towards the peer and for key exchanges not taken over by anybody yet.
 * @param entry what opens packets.
 */
record PreparedAssociation(AssociationGrant grant, InboundEntry entry) {
    long generation() {
        return grant.generation();
    }

    /** Wipes what nobody has taken over; the entry is the database's. */
    void destroy() {
        grant.outboundKeys().destroy();
        grant.handshakeKey().destroy();
    }
}
