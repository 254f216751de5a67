package org.pairspan.node.bearer;

import io.aeron.driver.Configuration;
import io.aeron.logbuffer.FrameDescriptor;
import java.net.InetSocketAddress;
import org.pairspan.node.association.PeerAssociations;
import org.pairspan.protocol.padding.PaddingSettings;
import org.pairspan.protocol.padding.TrafficPadding;
import org.pairspan.protocol.session.OutboundAssociation;
import org.pairspan.protocol.transport.BearerSegment;

/**
 * What the bearer knows of one peer: the lengths that follow from its path MTU, the label that stands for its address inside Aeron, the
 * term lengths of its sessions, and the endpoint of our stream to it. Data thread only.
 */
final class PeerPath {
    private static final int IPV4_UDP_HEADERS = 20 + 8;
    private static final int IPV6_UDP_HEADERS = 40 + 8;

    final PeerAssociations peer;
    final InetSocketAddress label;
    final PeerImages images = new PeerImages();
    final SessionTerms terms = new SessionTerms(images);
    /** Null while there is no stream to the peer. */
    ProtectingSendEndpoint endpoint;
    /** Nothing goes to the peer any more, nor comes from it. */
    boolean closed;
    /** The most that the peer takes of our stream before it confirms, in bytes, as it said last. */
    int granted;
    /** What we take of the peer's, in bytes, as of the newest window: what a stream needs is a matter of the path. */
    int window;
    /** Of what goes to the peer. */
    TrafficPadding padding = new TrafficPadding(PaddingSettings.OFF, 0, 0);

    private final int longestFrame;
    private int ipv4Capacity;
    private int ipv6Capacity;

    /**
     * @param peer    whose path it is.
     * @param label   that stands for the peer inside Aeron.
     * @param pathMtu largest IP packet on it, in bytes.
     * @param mtu     Aeron's, which no frame exceeds.
     */
    PeerPath(PeerAssociations peer, InetSocketAddress label, int pathMtu, int mtu) {
        this.peer = peer;
        this.label = label;
        this.longestFrame = mtu;
        pathMtu(pathMtu);
    }

    /** Another path MTU is in force for what is claimed from now on. */
    void pathMtu(int bytes) {
        ipv4Capacity = OutboundAssociation.payloadCapacity(bytes - IPV4_UDP_HEADERS);
        ipv6Capacity = OutboundAssociation.payloadCapacity(bytes - IPV6_UDP_HEADERS);
    }

    /** The UDP payload of an IP packet of this length to where the peer is now, in bytes. */
    int datagramLength(int packetLength) {
        return packetLength - (peer.address().isIpv6() ? IPV6_UDP_HEADERS : IPV4_UDP_HEADERS);
    }

    /** The most plaintext that one datagram to where the peer is now carries, in bytes. */
    int plaintextCapacity() {
        return peer.address().isIpv6() ? ipv6Capacity : ipv4Capacity;
    }

    /** The largest piece that one datagram to where the peer is now carries, in bytes. */
    int pieceCapacity() {
        return Math.min(BearerSegment.pieceCapacity(plaintextCapacity()), longestFrame - AeronFrame.HEADER_LENGTH);
    }

    /**
     * The length of what Aeron's sender passes on at once: as many full frames as the kernel takes in one send.
     *
     * @param pathMtu in bytes.
     * @return a multiple of Aeron's frame alignment.
     */
    static int aeronMtu(int pathMtu) {
        int plaintext = OutboundAssociation.payloadCapacity(pathMtu - IPV4_UDP_HEADERS);
        int frame = AeronFrame.alignedLength(BearerSegment.pieceCapacity(plaintext));
        int frames = Math.min(SendBatch.MOST_SEGMENTS, SendBatch.MOST_BYTES / OutboundAssociation.datagramLength(plaintext));
        int longest = Configuration.MAX_UDP_PAYLOAD_LENGTH;
        return Math.min(frames * frame, longest / FrameDescriptor.FRAME_ALIGNMENT * FrameDescriptor.FRAME_ALIGNMENT);
    }
}
