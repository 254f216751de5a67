package org.pairspan.node.keyring;

/**
 * What the data thread asks of the control thread. Called by the data thread only; a call never blocks. Duplicates may be
 * asked freely: they are folded into one question. What comes of a demand arrives later through {@link DataPlane}, or never.
 */
public interface KeyDemand {
    /**
     * Wanted: who owns this address, and the key shared with that member.
     *
     * @param address 4 or 16 bytes, network order; copied.
     * @return false when the queue is full and the demand was not taken; ask again with the next packet.
     */
    boolean peerOf(byte[] address);

    /**
     * A packet named a sender by a number (or a generation of it) that is not known here. The number is not authenticated:
     * a token bucket bounds what reaches the key service.
     *
     * @param number of the sender, as found in the SPI.
     * @return false when the queue is full and the demand was not taken.
     */
    boolean peerNumbered(int number);

    /**
     * Wanted: a security association with this peer newer than the one in use.
     *
     * @param peerNumber      number of a peer whose association is installed.
     * @param aboveGeneration the generation that is wearing out.
     * @return false when the queue is full and the demand was not taken.
     */
    boolean renew(int peerNumber, long aboveGeneration);

    /**
     * A peer was not heard for so long that it counts as gone: what is shared with it can be closed. It is asked for again when a packet
     * wants it, or when it comes back.
     *
     * @param peerNumber of a peer whose association is installed.
     * @param generation the newest of it that the data thread has; where there is a newer one already, nothing happens.
     * @return false when the queue is full and the demand was not taken.
     */
    boolean left(int peerNumber, long generation);
}
