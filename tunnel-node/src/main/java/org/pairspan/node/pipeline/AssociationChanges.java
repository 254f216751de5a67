package org.pairspan.node.pipeline;

import org.agrona.concurrent.NanoClock;
import org.pairspan.node.association.SecurityAssociationDatabase;
import org.pairspan.node.handshake.Handshakes;
import org.pairspan.node.keyring.AssociationChange;
import org.pairspan.node.keyring.AssociationGrant;

/** Takes the steps of key updates, and the end of all that is shared with a peer. Data thread. */
final class AssociationChanges {
    private final SecurityAssociationDatabase associations;
    private final Handshakes handshakes;
    private final PeerClosing closing;
    private final NanoClock clock;

    AssociationChanges(SecurityAssociationDatabase associations, Handshakes handshakes, PeerClosing closing, NanoClock clock) {
        this.associations = associations;
        this.handshakes = handshakes;
        this.closing = closing;
        this.clock = clock;
    }

    /** @return whether it is so now. */
    boolean take(AssociationChange change) {
        switch (change) {
            case AssociationChange.Prepare(AssociationGrant grant) -> associations.prepare(grant, clock.nanoTime());
            case AssociationChange.Activate(int number, long generation) -> {
                return associations.activate(number, generation, clock.nanoTime());
            }
            case AssociationChange.Retire(int number, long generation) -> {
                boolean retired = associations.retire(number, generation);
                if (retired) {
                    handshakes.retire(number, generation);
                }
                return retired;
            }
            case AssociationChange.RollBack(int number, long generation) -> associations.rollBack(number, generation);
            case AssociationChange.Close(int number) -> closing.close(number);
        }
        return true;
    }
}
