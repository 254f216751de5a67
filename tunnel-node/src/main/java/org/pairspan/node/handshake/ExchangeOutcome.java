package org.pairspan.node.handshake;

import org.pairspan.protocol.handshake.EpochKeys;

/** What the thread of the key exchanges tells the data thread. Implementations queue and return at once. */
public interface ExchangeOutcome {
    /**
     * Has a control message sent to a peer. It may be lost like any other.
     *
     * @param message whole, its type first; the callee's.
     */
    void send(int peerNumber, byte[] message);

    /**
     * An exchange has given keys.
     *
     * @param generation whose epoch they are.
     * @param keys       the callee's, who wipes them where they are not wanted any more.
     */
    void completed(int peerNumber, long generation, EpochKeys keys);

    /** An exchange that was begun here gives no keys. */
    void failed(int peerNumber, long generation, int epoch);
}
