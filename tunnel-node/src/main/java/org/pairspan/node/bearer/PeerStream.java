package org.pairspan.node.bearer;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.exceptions.RegistrationException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.concurrent.NanoClock;
import org.pairspan.node.association.PeerAssociations;

/**
 * The two Aeron streams shared with one peer: ours to it, its to us. They outlive the generations of the association; only a new address
 * of the peer brings a new publication. Owned by the data thread.
 */
public final class PeerStream {
    /** How long our stream waits after it could not be made: the route to the peer may be missing, or its address be no host's. */
    private static final long PAUSE_NS = TimeUnit.SECONDS.toNanos(1);

    private final Aeron aeron;
    private final NanoClock clock;
    private final PeerAssociations peer;
    private final long subscriptionId;
    private InetSocketAddress address;
    private long publicationId;
    private ExclusivePublication publication;
    private Subscription subscription;
    private boolean refused;
    private long refusedAtNs;

    PeerStream(Aeron aeron, NanoClock clock, PeerAssociations peer, InetSocketAddress address, String ownChannel) {
        this.aeron = aeron;
        this.clock = clock;
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

    /**
     * Our stream; null until the driver has made it. The peer chose its address, so one that the system refuses must not stop the node:
     * the driver tells its error handler, and the stream is tried again.
     */
    public ExclusivePublication publication() {
        if (publication == null) {
            if (refused && clock.nanoTime() - refusedAtNs >= PAUSE_NS) {
                publicationId = addPublication();
            }
            if (!refused) {
                publication = made();
            }
        }
        return publication;
    }

    private ExclusivePublication made() {
        try {
            return aeron.getExclusivePublication(publicationId);
        } catch (RegistrationException e) {
            refused = true;
            refusedAtNs = clock.nanoTime();
            return null;
        }
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
        refused = false;
        return aeron.asyncAddExclusivePublication(Bearer.channelTo(address, peer.peerNumber()), peer.ownNumber());
    }
}
