package org.pairspan.protocol.session;

import org.agrona.DirectBuffer;
import org.pairspan.protocol.alert.ReceivedAlert;
import org.pairspan.protocol.heartbeat.LinkState;
import org.pairspan.protocol.heartbeat.LinkStatus;

/** What a {@link PeerSession} tells the node it runs in. All on the session's thread. */
public interface SessionListener {
    /**
     * The link has another state.
     *
     * @param before what it was.
     * @param now    what it is, with reason and time.
     */
    void onLinkChange(LinkState before, LinkStatus now);

    /** The peer sent an alert. */
    void onAlert(ReceivedAlert alert);

    /**
     * Packets to the peer are to have this length at the most: at the start of the session, and when another size is known to pass.
     *
     * @param packetLength of the largest IP packet, its header included, in bytes.
     * @return the largest plaintext, without the ESP trailer, that a datagram then carries, in bytes.
     */
    int onPathMtu(int packetLength);

    /**
     * A message of the key exchange came (PS-1).
     *
     * @param message holding it, its type first; free again when the call returns.
     * @param offset  where it begins.
     * @param length  its length in bytes.
     */
    void onHandshakeMessage(DirectBuffer message, int offset, int length);
}
