package org.pairspan.node.pipeline;

import org.pairspan.node.association.SecurityAssociationDatabase;
import org.pairspan.node.handshake.Handshakes;

/**
 * Ends all that this node has of a peer, in one step of the data thread: no packet is under way between two parts meanwhile. The keys go
 * first, so that nothing is opened or protected from there on; the way to the tunnel next; then the packets that wait and the streams;
 * and the key exchanges, on their own thread. What the peer still sends is a stranger's. Data thread.
 */
final class PeerClosing {
    private final SecurityAssociationDatabase associations;
    private final PeerDirectory peers;
    private final Handshakes handshakes;

    /**
     * @param associations whose keys are wiped.
     * @param peers        with the tunnels.
     * @param handshakes   that exchange keys.
     */
    PeerClosing(SecurityAssociationDatabase associations, PeerDirectory peers, Handshakes handshakes) {
        this.associations = associations;
        this.peers = peers;
        this.handshakes = handshakes;
    }

    /** @param number of the peer; nothing happens where nothing is there of it. */
    void close(int number) {
        associations.close(number);
        PeerTunnel tunnel = peers.remove(number);
        if (tunnel != null) {
            tunnel.close();
        }
        handshakes.forget(number);
    }
}
