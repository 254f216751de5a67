package org.pairspan.node.association;

import org.pairspan.protocol.session.InboundAssociation;
import org.pairspan.protocol.session.OutboundAssociation;

/** One row of the inbound half of the database: the association behind an SPI, and whose it is. */
public final class InboundEntry {
    /** Kept until another takes over. */
    static final long NO_END = Long.MAX_VALUE;

    final int spi;
    final long generation;
    final int epoch;
    final InboundAssociation association;
    final PeerAssociations peer;
    /** Greater than that of every association with the peer that was installed before. */
    final long installation;
    /** When the association is to be destroyed, in the clock of the data thread; {@link #NO_END} while it is current. */
    long endNs = NO_END;
    /**
     * What protects packets under the same keys, where they were the candidate and newer ones took that place: the peer may use them all
     * the same, and may never get the newer. Null otherwise.
     */
    private OutboundAssociation passedOver;

    InboundEntry(int spi, long generation, int epoch, InboundAssociation association, PeerAssociations peer) {
        this.spi = spi;
        this.generation = generation;
        this.epoch = epoch;
        this.association = association;
        this.peer = peer;
        this.installation = peer.nextInstallation();
    }

    /** What opens the packets that carry this SPI. Data thread only; destroyed once its end has come. */
    public InboundAssociation association() {
        return association;
    }

    /** Whose packets these are, if they authenticate. */
    public PeerAssociations peer() {
        return peer;
    }

    /** Whether the policy takes payload under this association; control messages are always taken. */
    public boolean payloadAllowed() {
        return peer.allowsPayload(epoch);
    }

    /** Newer keys than these are the candidate. */
    void passOver(OutboundAssociation outbound) {
        passedOver = outbound;
    }

    boolean isPassedOver() {
        return passedOver != null;
    }

    /** What was passed over, which is the caller's from now on. */
    OutboundAssociation takeBack() {
        OutboundAssociation outbound = passedOver;
        passedOver = null;
        return outbound;
    }

    /** Newer keys are in use; these open packets until then. */
    void endAt(long timeNs) {
        endNs = timeNs;
        destroyPassedOver();
    }

    /** Wipes the keys. */
    void destroy() {
        association.destroy();
        destroyPassedOver();
    }

    private void destroyPassedOver() {
        if (passedOver != null) {
            passedOver.destroy();
            passedOver = null;
        }
    }

    boolean isOlderThan(long otherGeneration, int otherEpoch) {
        return generation < otherGeneration || generation == otherGeneration && epoch < otherEpoch;
    }
}
