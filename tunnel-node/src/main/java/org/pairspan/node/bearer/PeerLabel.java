package org.pairspan.node.bearer;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * The address that stands for a peer inside Aeron, which wants one for every channel: 240.0.0.0 plus the member number. Nothing is ever
 * sent to it (240.0.0.0/4 is reserved, RFC 1112 section 4), so a peer may move without Aeron noticing, and no two peers share a channel.
 * The port tells which opening of streams to the peer it is: Aeron keeps a channel for seconds after it was closed, and what is left in
 * that one is nothing of a peer that comes back.
 */
final class PeerLabel {
    private static final int BASE = 240 << 24;
    private static final int PORTS = 65_535;

    private PeerLabel() {
    }

    /**
     * The label of a peer.
     *
     * @param opening which of the node's openings of streams it is, counted from 0.
     */
    static InetSocketAddress of(int peerNumber, int opening) {
        int label = BASE + peerNumber;
        byte[] octets = {(byte) (label >>> 24), (byte) (label >>> 16), (byte) (label >>> 8), (byte) label};
        try {
            return new InetSocketAddress(InetAddress.getByAddress(octets), 1 + Integer.remainderUnsigned(opening, PORTS));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 4 octets was refused", e);
        }
    }

    /** The member number behind a label. */
    static int peerNumber(InetSocketAddress label) {
        int number = 0;
        for (byte octet : label.getAddress().getAddress()) {
            number = number << 8 | octet & 0xFF;
        }
        return number - BASE;
    }
}
