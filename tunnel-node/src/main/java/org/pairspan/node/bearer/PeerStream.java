package org.pairspan.node.bearer;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.logbuffer.BufferClaim;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.logbuffer.Header;
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
    private final Aeron aeron;
    private final BearerParts parts;
    private final PeerPath path;
    private final PeerPublication publication;
    private final long subscriptionId;
    private Subscription subscription;
    private final BufferClaim claim = new BufferClaim();
    private final FragmentHandler fragmentHandler = this::onFragment;
    private PieceHandler pieceHandler;

    PeerStream(Aeron aeron, BearerParts parts, PeerPath path, String ownChannel) {
        this.aeron = aeron;
        this.parts = parts;
        this.path = path;
        this.subscriptionId = aeron.asyncAddSubscription(ownChannel, path.peer.peerNumber());
        this.publication = new PeerPublication(aeron, parts, path);
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
     * Gives our stream the terms that the path to the peer asks for. A few times a second, and not in a turn of the driver.
     *
     * @param nowNs the time.
     */
    public void followPath(long nowNs) {
        publication.followPath(nowNs);
    }

    /** What goes to the peer is padded so from now on. */
    public void padding(TrafficPadding padding) {
        path.padding = padding;
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
        ExclusivePublication stream = publication.get();
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
            publication.renew();
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
        CloseHelper.closeAll(publication, subscription);
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
}
