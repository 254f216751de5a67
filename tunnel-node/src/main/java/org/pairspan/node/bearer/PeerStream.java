package org.pairspan.node.bearer;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import java.net.InetSocketAddress;
import org.agrona.CloseHelper;
import org.pairspan.node.association.PeerAssociations;

/**
 * The two Aeron streams shared with one peer: ours to it, its to us. They outlive the generations of the association; only a new address
 * of the peer brings a new publication. Owned by the data thread.
 */
public final class PeerStream {
    private final Aeron aeron;
    private final PeerAssociations peer;
    private final long subscriptionId;
    private InetSocketAddress address;
    private long publicationId;
    private ExclusivePublication publication;
    private Subscription subscription;

    PeerStream(Aeron aeron, PeerAssociations peer, InetSocketAddress address, String ownChannel) {
        this.aeron = aeron;
        this.peer = peer;
        this.address = address;
        this.subscriptionId = aeron.asyncAddSubscription(ownChannel, peer.peerNumber());
        this.publicationId = addPublication();
    }

    /** Moves our stream to another address of the peer; the same address changes nothing. */
    public void moveTo(InetSocketAddress newAddress) {
        if (!newAddress.equals(address)) {
            address = newAddress;
            renew();
        }
    }

    /** Replaces our stream by a new one, with positions from the start. */
    public void renew() {
        CloseHelper.close(publication);
        if (publication == null) {
            aeron.asyncRemovePublication(publicationId);
        }
        publication = null;
        publicationId = addPublication();
    }

    public PeerAssociations peer() {
        return peer;
    }

    /** Our stream; null until the driver has made it. */
    public ExclusivePublication publication() {
        if (publication == null) {
            publication = aeron.getExclusivePublication(publicationId);
        }
        return publication;
    }

    /** The peer's stream; null until the driver has made it. */
    public Subscription subscription() {
        if (subscription == null) {
            subscription = aeron.getSubscription(subscriptionId);
        }
        return subscription;
    }

    void close() {
        CloseHelper.closeAll(publication, subscription);
    }

    private long addPublication() {
        return aeron.asyncAddExclusivePublication(
                Bearer.channel(address) + "|alias=" + ProtectingSendEndpoint.alias(peer.peerNumber()), peer.ownNumber());
    }
}
