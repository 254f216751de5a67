package org.pairspan.node.bearer;

import io.aeron.logbuffer.FrameDescriptor;
import java.net.Inet6Address;
import java.net.InetAddress;
import org.agrona.BitUtil;
import org.pairspan.protocol.session.OutboundAssociation;
import org.pairspan.protocol.transport.FragmentHeader;
import org.pairspan.protocol.transport.SegmentHeader;

/**
 * The lengths that follow from the path MTU: of one protected datagram, of what it carries, and of the largest Aeron datagram whose
 * segments the kernel still takes in one send.
 */
final class PathGeometry {
    private static final int IPV4_UDP_HEADERS = 20 + 8;
    private static final int IPV6_UDP_HEADERS = 40 + 8;
    /** {@code UDP_MAX_SEGMENTS} of older kernels; newer ones take 128. */
    private static final int MOST_SEGMENTS = 64;
    /** Largest UDP payload over IPv4: 65,535 less the headers. */
    private static final int MOST_BYTES = 65_507;

    /** Session id, term id, term offset. */
    private static final int SEGMENT_PREFIX = 12;
    /** Length of a piece, and its transport header. */
    private static final int PIECE_PREFIX = Short.BYTES + SegmentHeader.LENGTH;

    private final int chunk;
    private final int segmentLength;

    private PathGeometry(int largestDatagram) {
        this.chunk = OutboundAssociation.payloadCapacity(largestDatagram);
        this.segmentLength = OutboundAssociation.datagramLength(chunk);
    }

    /**
     * @param pathMtu in bytes, IP header included.
     * @param address of the outer IP packet, either end: only its family counts.
     */
    static PathGeometry of(int pathMtu, InetAddress address) {
        return new PathGeometry(pathMtu - (address instanceof Inet6Address ? IPV6_UDP_HEADERS : IPV4_UDP_HEADERS));
    }

    /**
     * The length of Aeron datagrams on this path, whichever the outer IP version.
     *
     * @param pathMtu in bytes.
     * @return a multiple of Aeron's frame alignment.
     */
    static int aeronMtu(int pathMtu) {
        PathGeometry narrowest = new PathGeometry(pathMtu - IPV6_UDP_HEADERS);
        int segments = Math.min(MOST_SEGMENTS, MOST_BYTES / narrowest.segmentLength);
        return segments * narrowest.chunk / FrameDescriptor.FRAME_ALIGNMENT * FrameDescriptor.FRAME_ALIGNMENT;
    }

    /**
     * The largest piece that fits one datagram, whichever the outer IP version.
     *
     * @param pathMtu in bytes.
     */
    static int pieceCapacity(int pathMtu) {
        int plaintext = new PathGeometry(pathMtu - IPV6_UDP_HEADERS).chunk;
        return plaintext + FragmentHeader.LENGTH - SEGMENT_PREFIX - PIECE_PREFIX;
    }

    /** UDP payload of a full segment, in bytes. */
    int segmentLength() {
        return segmentLength;
    }

    /** How much of an Aeron datagram one segment carries, in bytes. */
    int chunk() {
        return chunk;
    }

    /** Into how many segments an Aeron datagram of this length is cut. */
    int segments(int length) {
        return (length + chunk - 1) / chunk;
    }

    /** Room for the protected segments of any Aeron datagram. */
    static int sendRoom() {
        return BitUtil.align(MOST_BYTES + 1, BitUtil.CACHE_LINE_LENGTH);
    }
}
