package org.pairspan.node.bearer;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.exceptions.RegistrationException;
import io.aeron.logbuffer.BufferClaim;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.pairspan.node.association.PeerAssociations;
import org.pairspan.protocol.padding.TrafficPadding;
import org.pairspan.protocol.wire.DropReason;

/**
 * The two Aeron streams shared with one peer: ours to it, its to us. They outlive the generations of the association and every address of
 * the peer. Owned by the data thread.
 */
public final class PeerStream implements PieceStream {
    /** How long our stream waits after it could not be made, for want of memory. */
    private static final long PAUSE_NS = TimeUnit.SECONDS.toNanos(1);

    private final Aeron aeron;
    private final BearerParts parts;
    private final PeerPath path;
    private final String channel;
    private final TermLength terms;
    private final long subscriptionId;
    private long publicationId;
    private ExclusivePublication publication;
    private Subscription subscription;
    private boolean refused;
    private long refusedAtNs;
    private final BufferClaim claim = new BufferClaim();
    private final FragmentHandler fragmentHandler = this::onFragment;
    private PieceHandler pieceHandler;

    PeerStream(Aeron aeron, BearerParts parts, PeerPath path, String ownChannel) {
        this.aeron = aeron;
        this.terms = new TermLength(parts.settings().termLength());
        this.parts = parts;
        this.path = path;
        this.channel = Bearer.channel(path.label);
        this.subscriptionId = aeron.asyncAddSubscription(ownChannel, path.peer.peerNumber());
        this.publicationId = addPublication();
    }

    /** Replaces our stream by a new one, with positions from the start. */
    public void renew() {
        removePublication();
        publicationId = addPublication();
    }

    private void removePublication() {
        CloseHelper.close(publication);
        if (publication == null) {
            aeron.asyncRemovePublication(publicationId);
        }
        publication = null;
    }

    /** The associations that protect what is sent in this stream. */
    public PeerAssociations peer() {
        return path.peer;
    }

    /**
     * Another path MTU is in force for what is claimed from now on.
     *
     * @param bytes largest IP packet that reaches the peer.
     */
    public void pathMtu(int bytes) {
        path.pathMtu(bytes);
    }

    /** The most plaintext that one datagram to where the peer is now carries, in bytes. */
    public int plaintextCapacity() {
        return path.plaintextCapacity();
    }

    /**
     * Gives our stream the terms that the distance of the peer asks for. A few times a second, and not in a turn of the driver.
     *
     * @param nowNs the time.
     */
    public void followRoundTrip(long nowNs) {
        if (terms.follow(path.peer.roundTripNs(), nowNs)) {
            renew();
        }
    }

    /** What goes to the peer is padded so from now on. */
    public void padding(TrafficPadding padding) {
        path.padding = padding;
    }

    /** Our stream; null until the driver has made it. Where it can't, it tells its error handler, and the stream is tried again. */
    private ExclusivePublication publication() {
        if (publication == null) {
            if (refused && parts.clock().nanoTime() - refusedAtNs >= PAUSE_NS) {
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
            refusedAtNs = parts.clock().nanoTime();
            return null;
        }
    }

    @Override
    public int pieceCapacity() {
        return path.pieceCapacity();
    }

    @Override
    public int claim(int length) {
        if (length < 1) {
            throw new IllegalArgumentException("a piece has at least one byte, not " + length);
        }
        ExclusivePublication stream = publication();
        if (stream == null) {
            return NOT_CONNECTED;
        }
        long result = stream.tryClaim(length, claim);
        if (result == Publication.ADMIN_ACTION) {
            // The term is full; the next one begins with this piece.
            result = stream.tryClaim(length, claim);
        }
        if (result > 0) {
            return CLAIMED;
        }
        if (result == Publication.CLOSED || result == Publication.MAX_POSITION_EXCEEDED) {
            renew();
            return NOT_CONNECTED;
        }
        return result == Publication.NOT_CONNECTED ? NOT_CONNECTED : CONGESTED;
    }

    @Override
    public MutableDirectBuffer claimed() {
        return claim.buffer();
    }

    @Override
    public int claimedOffset() {
        return claim.offset();
    }

    @Override
    public void commit(long segmentHeader) {
        claim.reservedValue(segmentHeader).commit();
    }

    @Override
    public int poll(PieceHandler handler, int pieceLimit) {
        Subscription stream = subscription();
        if (stream == null) {
            return 0;
        }
        pieceHandler = handler;
        return stream.poll(fragmentHandler, pieceLimit);
    }

    private void onFragment(DirectBuffer buffer, int offset, int length, Header header) {
        pieceHandler.onPiece(header.reservedValue(), buffer, offset, length);
    }

    /** The peer's stream; null until the driver has made it. */
    private Subscription subscription() {
        if (subscription == null) {
            subscription = aeron.getSubscription(subscriptionId);
        }
        return subscription;
    }

    @Override
    public void close() {
        if (path.closed) {
            return;
        }
        discardReceived();
        path.closed = true;
        parts.receiver().forget(path);
        removePublication();
        CloseHelper.close(subscription);
        if (subscription == null) {
            aeron.asyncRemoveSubscription(subscriptionId);
        }
    }

    private void discardReceived() {
        PieceHandler nowhere = (header, buffer, offset, length) -> parts.drops().increment(DropReason.PEER_CLOSED);
        int pieces;
        do {
            pieces = poll(nowhere, Integer.MAX_VALUE);
        } while (pieces > 0);
    }

    private long addPublication() {
        refused = false;
        return aeron.asyncAddExclusivePublication(channel + "|term-length=" + terms.bytes(), path.peer.ownNumber());
    }
}
