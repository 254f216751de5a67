package org.pairspan.node.bearer;

import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.node.association.PeerAssociations;
import org.pairspan.node.posix.ControlMessage;
import org.pairspan.node.posix.Errno;
import org.pairspan.node.posix.IoVector;
import org.pairspan.node.posix.MessageHeader;
import org.pairspan.node.posix.Posix;
import org.pairspan.protocol.esp.EspTrailer;
import org.pairspan.protocol.session.OutboundAssociation;
import org.pairspan.protocol.transport.FragmentHeader;
import org.pairspan.protocol.wire.DropCounters;
import org.pairspan.protocol.wire.DropReason;

/**
 * The last stretch of a packet's way out: one datagram of Aeron's is cut into segments that fit the path (PS-5), each segment is
 * protected (PS-2, PS-3), and all of them go to the kernel in one {@code sendmsg} with UDP segmentation offload.
 *
 * <p>All segments but the last have one length, as the kernel wants it. Where a network interface can't take such a send (EIO), each
 * segment is sent by itself from then on.
 */
final class SegmentSender {
    private static final int MESSAGE = 0;
    private static final int VECTOR = MESSAGE + MessageHeader.LENGTH;
    private static final int CONTROL = VECTOR + IoVector.LENGTH;
    private static final int STRUCTURES = CONTROL + ControlMessage.space(Short.BYTES);

    private final UnsafeBuffer segments = new UnsafeBuffer(ByteBuffer.allocateDirect(PathGeometry.sendRoom()));
    private final UnsafeBuffer structures = new UnsafeBuffer(ByteBuffer.allocateDirect(STRUCTURES));
    private final DropCounters drops;
    private int nextDatagramId;
    private boolean segmentationOffload = true;

    SegmentSender(DropCounters drops) {
        this.drops = drops;
    }

    /**
     * Protects and sends a datagram of Aeron's.
     *
     * @param peer       to whom; nothing is sent where no association protects it.
     * @param descriptor of the socket.
     * @param name       address of the destination's socket name, or 0 where the socket is connected.
     * @param nameLength length of that name.
     * @param geometry   of the path.
     * @param payload    holding the datagram.
     * @param offset     where it begins.
     * @param length     its length in bytes.
     * @param nowNs      the time.
     * @return whether the datagram is done with: sent, or lost on the wire's side of the kernel. False asks for it again later.
     */
    boolean send(PeerAssociations peer, int descriptor, long name, int nameLength, PathGeometry geometry, DirectBuffer payload,
            int offset, int length, long nowNs) {
        OutboundAssociation association = peer.outbound();
        int total = protect(association, geometry, payload, offset, length, nowNs);
        if (total < 0) {
            drops.increment(DropReason.SA_EXHAUSTED);
            return false;
        }
        int result = transmit(descriptor, name, nameLength, total, geometry.segmentLength());
        if (result >= 0) {
            peer.onSent(geometry.segments(length), total);
            return true;
        }
        if (result == -Errno.EAGAIN || result == -Errno.ENOBUFS) {
            return false;
        }
        drops.increment(DropReason.NETWORK_REFUSED);
        return true;
    }

    /**
     * Tells the peer that an association is ready, with a dummy packet (RFC 4303 section 2.6) under it.
     *
     * @return whether it was sent.
     */
    boolean sendDummy(OutboundAssociation association, int descriptor, long nowNs) {
        int length = association.protect(EspTrailer.NEXT_HEADER_DUMMY, 0, segments, 0, 0, segments, 0, nowNs);
        return length > 0 && transmit(descriptor, 0, 0, length, length) > 0;
    }

    private int protect(OutboundAssociation association, PathGeometry geometry, DirectBuffer payload, int offset, int length,
            long nowNs) {
        int id = nextDatagramId++;
        int chunk = geometry.chunk();
        int total = 0;
        for (int done = 0; done < length; done += chunk) {
            int written = association.protect(EspTrailer.NEXT_HEADER_FRAGMENT, FragmentHeader.encode(id, done, length), payload,
                    offset + done, Math.min(chunk, length - done), segments, total, nowNs);
            if (written == OutboundAssociation.EXHAUSTED) {
                return -1;
            }
            total += written;
        }
        return total;
    }

    private int transmit(int descriptor, long name, int nameLength, int total, int segmentLength) {
        if (total <= segmentLength) {
            return sendMessage(descriptor, name, nameLength, 0, total, 0);
        }
        if (segmentationOffload) {
            int result = sendMessage(descriptor, name, nameLength, 0, total, segmentLength);
            if (result != -Errno.EIO) {
                return result;
            }
            segmentationOffload = false;
        }
        int result = 0;
        for (int sent = 0; sent < total && result >= 0; sent += segmentLength) {
            result = sendMessage(descriptor, name, nameLength, sent, Math.min(segmentLength, total - sent), 0);
        }
        return result;
    }

    private int sendMessage(int descriptor, long name, int nameLength, int offset, int length, int segmentLength) {
        IoVector.put(structures, VECTOR, segments.addressOffset() + offset, length);
        boolean cut = segmentLength > 0;
        if (cut) {
            ControlMessage.putSegmentLength(structures, CONTROL, segmentLength);
        }
        MessageHeader.put(structures, MESSAGE, name, nameLength, structures.addressOffset() + VECTOR, 1,
                cut ? structures.addressOffset() + CONTROL : 0, cut ? ControlMessage.space(Short.BYTES) : 0);
        return Posix.sendmsg(descriptor, structures.addressOffset() + MESSAGE, Posix.MSG_DONTWAIT);
    }
}
