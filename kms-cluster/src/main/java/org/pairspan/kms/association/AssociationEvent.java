package org.pairspan.kms.association;

import org.pairspan.kms.cluster.ClusterMessage;

/** What happens to a pair's association, as the journal has it. A {@link Generation} is the newest one from then on. */
public sealed interface AssociationEvent extends ClusterMessage permits Generation, AssociationEvent.Prepared, AssociationEvent.Activated,
        AssociationEvent.RolledBack, AssociationEvent.Retired {

    /** An update begins: this generation, of another version of the key, goes to both members, who do not send under it yet. */
    record Prepared(Generation next) implements AssociationEvent {
    }

    /** Both have it: it is the newest generation, and its version the pair's. There is no way back. */
    record Activated(int version, long atMs) implements AssociationEvent {
    }

    /** Not both have it: it is given up. */
    record RolledBack(int version) implements AssociationEvent {
    }

    /** The version before is closed at both: the update has ended. */
    record Retired(int version) implements AssociationEvent {
    }
}
