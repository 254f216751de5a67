package org.pairspan.node.bearer;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.node.association.PeerAddress;
import org.pairspan.node.association.PeerAssociations;
import org.pairspan.protocol.control.ControlSink;
import org.pairspan.protocol.control.ControlType;
import org.pairspan.protocol.esp.EspTrailer;
import org.pairspan.protocol.padding.PaddedMessage;
import org.pairspan.protocol.session.OutboundAssociation;
import org.pairspan.protocol.transport.BearerSegment;
import org.pairspan.protocol.wire.DropCounters;
import org.pairspan.protocol.wire.DropReason;

/**
 * The last stretch of a packet's way out, from Aeron's sender to the kernel:
 *
 * <pre>
 * frames of a stream → segments, as many frames each as the path takes → SPA + ESP each → sendmmsg with segmentation offload
 *                         heartbeat, padding, setup, status message: a control message each
 * </pre>
 *
 * <p>All leaves through the node's one UDP port, to wherever the peer is now. Data thread only.
 */
final class DatagramSender {
    private static final int CLOSED = -1;
    /** What became of a single datagram: the kernel took it, refused it for good, or has no room for it now. */
    private static final int SENT = 1;
    private static final int LOST = 0;
    private static final int BUSY = -1;

    private final SendBatch batch;
    private final DropCounters drops;
    private final UnsafeBuffer paddedMessage = new UnsafeBuffer(new byte[PaddedMessage.HEADER_LENGTH + ControlSink.LONGEST_MESSAGE]);
    private final UnsafeBuffer transportMessage = new UnsafeBuffer(new byte[1 + AeronFrame.LONGEST_HEADER]);
    private int descriptor = CLOSED;
    private int socketFamily;
    private int segmentLength;

    DatagramSender(SendBatch batch, DropCounters drops) {
        this.batch = batch;
        this.drops = drops;
        transportMessage.putByte(0, ControlType.TRANSPORT.code());
    }

    /** The UDP port is open. */
    void open(int socket, int family) {
        descriptor = socket;
        socketFamily = family;
    }

    /** The UDP port is closed; nothing is sent any more. */
    void close() {
        descriptor = CLOSED;
    }

    /**
     * Sends what Aeron's sender has for a peer.
     *
     * @param path     of the peer.
     * @param progress of this stream, when the kernel took only a part the last time.
     * @param frames   holding whole frames of one term, or one frame without payload.
     * @param offset   where they begin.
     * @param length   of all, in bytes.
     * @param nowNs    the time.
     * @return whether they are done with: sent, or lost on the wire's side of the kernel. False asks for all of them again later.
     */
    boolean sendFrames(PeerPath path, SendProgress progress, DirectBuffer frames, int offset, int length, long nowNs) {
        if (!AeronFrame.hasPayload(frames, offset)) {
            return sendTransport(path, frames, offset, length, nowNs);
        }
        int at = progress.of(frames, offset);
        while (at < length && AeronFrame.hasPayload(frames, offset + at)) {
            int filledTo = fill(path, frames, offset, at, length, nowNs);
            int done = transmit(path.peer);
            if (filledTo == at || done < batch.count()) {
                progress.set(frames, offset, done == 0 ? at : batch.mark(done - 1));
                return false;
            }
            at = filledTo;
        }
        // What is left, if anything, is the header of a padding frame, the last of its term.
        if (at < length && !sendTransport(path, frames, offset + at, length - at, nowNs)) {
            progress.set(frames, offset, at);
            return false;
        }
        progress.clear();
        return true;
    }

    /** Counts what Aeron's sender still has for a peer whose streams are closed. */
    void discardFrames(SendProgress progress, DirectBuffer frames, int offset, int length) {
        if (!AeronFrame.hasPayload(frames, offset)) {
            return;
        }
        int at = progress.of(frames, offset);
        while (at < length && AeronFrame.hasPayload(frames, offset + at)) {
            drops.increment(DropReason.PEER_CLOSED);
            at += AeronFrame.alignedLength(AeronFrame.frameLength(frames, offset + at) - AeronFrame.HEADER_LENGTH);
        }
        progress.clear();
    }

    /** Fills the batch with the frames from {@code at} on; answers how far it came. */
    private int fill(PeerPath path, DirectBuffer frames, int offset, int from, int length, long nowNs) {
        batch.clear();
        OutboundAssociation association = path.peer.outbound();
        if (association == null || !path.peer.payloadAllowed()) {
            return from;
        }
        int at = from;
        int budget = path.padding.budget(nowNs);
        while (at < length && batch.count() < budget && AeronFrame.hasPayload(frames, offset + at)) {
            // A piece that was claimed before the path became narrower goes alone, as long as it is.
            int room = Math.max(path.plaintextCapacity(), BearerSegment.PREFIX_LENGTH + lengthInSegment(frames, offset + at));
            if (!batch.hasRoom(OutboundAssociation.datagramLength(room))) {
                return at;
            }
            MutableDirectBuffer segment = association.payloadBuffer(room);
            int next = writeSegment(segment, room, frames, offset, at, length);
            if (!protect(association, EspTrailer.NEXT_HEADER_SEGMENT, segment, 0, segmentLength, pad(path, segmentLength, nowNs), next,
                    nowNs)) {
                return at;
            }
            at = next;
        }
        return at;
    }

    /** Writes one segment with as many frames as it has room for; answers how far it came. */
    private int writeSegment(MutableDirectBuffer segment, int room, DirectBuffer frames, int offset, int from, int length) {
        int frame = offset + from;
        BearerSegment.writePrefix(segment, 0, AeronFrame.sessionId(frames, frame), AeronFrame.termId(frames, frame),
                AeronFrame.termOffset(frames, frame));
        segmentLength = BearerSegment.PREFIX_LENGTH;
        int end = offset + length;
        do {
            int pieceLength = AeronFrame.frameLength(frames, frame) - AeronFrame.HEADER_LENGTH;
            segmentLength += BearerSegment.writePiece(segment, segmentLength, AeronFrame.reservedValue(frames, frame), frames,
                    frame + AeronFrame.HEADER_LENGTH, pieceLength);
            frame += AeronFrame.alignedLength(pieceLength);
        } while (frame < end && AeronFrame.hasPayload(frames, frame) && segmentLength + lengthInSegment(frames, frame) <= room);
        return frame - offset;
    }

    private static int lengthInSegment(DirectBuffer frames, int frame) {
        return BearerSegment.PIECE_PREFIX_LENGTH + AeronFrame.frameLength(frames, frame) - AeronFrame.HEADER_LENGTH;
    }

    private static int pad(PeerPath path, int length, long nowNs) {
        if (!path.padding.isOn()) {
            return length;
        }
        int padded = path.padding.padTo(length);
        path.padding.onSent(length, padded, nowNs);
        return padded;
    }

    /**
     * Sends one of Aeron's frames that hold no payload, as a control message.
     *
     * @return whether it is done with.
     */
    boolean sendTransport(PeerPath path, DirectBuffer frame, int offset, int length, long nowNs) {
        transportMessage.putBytes(1, frame, offset, length);
        return sendMessage(path, transportMessage, 0, 1 + length, nowNs) != BUSY;
    }

    /**
     * Sends a control message.
     *
     * @return whether the kernel took it.
     */
    boolean sendControl(PeerPath path, DirectBuffer message, int offset, int length, long nowNs) {
        return sendMessage(path, message, offset, length, nowNs) == SENT;
    }

    private int sendMessage(PeerPath path, DirectBuffer message, int offset, int length, long nowNs) {
        if (!path.padding.isOn()) {
            return sendOne(path.peer, path.peer.outbound(), EspTrailer.NEXT_HEADER_CONTROL, message, offset, length, length, nowNs);
        }
        int whole = PaddedMessage.HEADER_LENGTH + length;
        PaddedMessage.writeHeader(paddedMessage, 0, length);
        paddedMessage.putBytes(PaddedMessage.HEADER_LENGTH, message, offset, length);
        return sendOne(path.peer, path.peer.outbound(), EspTrailer.NEXT_HEADER_CONTROL, paddedMessage, 0, whole, pad(path, whole, nowNs),
                nowNs);
    }

    /**
     * Sends a control message of a given length.
     *
     * @param padTo length to which it is filled with zeros.
     * @return whether the kernel took it.
     */
    boolean sendProbe(PeerPath path, DirectBuffer message, int offset, int length, int padTo, long nowNs) {
        return sendOne(path.peer, path.peer.outbound(), EspTrailer.NEXT_HEADER_CONTROL, message, offset, length, padTo, nowNs) == SENT;
    }

    /**
     * Sends a dummy packet.
     *
     * @param length of its plaintext.
     * @return whether the kernel took it.
     */
    boolean sendDummy(PeerAssociations peer, int length, long nowNs) {
        return sendOne(peer, peer.outbound(), EspTrailer.NEXT_HEADER_DUMMY, transportMessage, 0, 0, length, nowNs) == SENT;
    }

    /**
     * Tells the peer that the candidate association is ready here, with a dummy packet (RFC 4303 section 2.6) under it, padded as everything
     * else, so that its length does not show when keys change.
     *
     * @param path to a peer with a candidate.
     */
    void probeCandidate(PeerPath path, long nowNs) {
        sendOne(path.peer, path.peer.candidate(), EspTrailer.NEXT_HEADER_DUMMY, transportMessage, 0, 0, pad(path, 0, nowNs), nowNs);
    }

    private int sendOne(PeerAssociations peer, OutboundAssociation association, int nextHeader, DirectBuffer payload, int offset,
            int length, int padTo, long nowNs) {
        batch.clear();
        if (association == null || !protect(association, nextHeader, payload, offset, length, padTo, 0, nowNs)
                || transmit(peer) == 0) {
            return BUSY;
        }
        return batch.sentDatagrams() == 1 ? SENT : LOST;
    }

    private boolean protect(OutboundAssociation association, int nextHeader, DirectBuffer payload, int offset, int length, int padTo,
            int mark, long nowNs) {
        int written = association.protect(nextHeader, payload, offset, length, padTo, batch.buffer(), batch.end(), nowNs);
        if (written == OutboundAssociation.EXHAUSTED) {
            drops.increment(DropReason.SA_EXHAUSTED);
            return false;
        }
        batch.add(written, mark);
        return true;
    }

    /** Gives the batch to the kernel; answers how many of its datagrams are done with. */
    private int transmit(PeerAssociations peer) {
        if (descriptor == CLOSED || batch.count() == 0) {
            return 0;
        }
        PeerAddress address = peer.address();
        int nameLength = address.nameLength(socketFamily);
        if (nameLength == PeerAddress.UNREACHABLE) {
            drops.add(DropReason.ADDRESS_FAMILY, batch.count());
            return batch.count();
        }
        int done = batch.send(descriptor, address.nameAddress(), nameLength);
        peer.onSent(batch.sentDatagrams(), batch.sentBytes());
        return done;
    }
}
