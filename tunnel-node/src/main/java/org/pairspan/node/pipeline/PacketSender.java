package org.pairspan.node.pipeline;

import org.agrona.DirectBuffer;

/**
 * Gives packets of one class to the stream of one peer, in pieces that fit its datagrams. A stream that is congested takes part of a packet:
 * the same packet is then given again, and goes on where it stopped. Data thread.
 */
interface PacketSender {
    /**
     * Gives a packet, or what is left of the one given before.
     *
     * @param traits {@link PacketTraits}.
     * @param nowNs  the time.
     * @return {@link org.pairspan.node.bearer.PieceStream#CLAIMED} when all of it has been taken, or what keeps the rest out.
     */
    int send(DirectBuffer packet, int offset, int length, int traits, long nowNs);

    /** Whether part of a packet has been taken and the rest has not. */
    boolean isUnderWay();

    /** The rest of the packet at hand never comes; it is counted as dropped. */
    void abandon();
}
