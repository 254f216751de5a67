package org.pairspan.protocol.pathmtu;

import org.agrona.DirectBuffer;

/** Where a probe goes: as a control message, padded so that its IP packet has a given length, and never fragmented. */
@FunctionalInterface
public interface ProbeSink {
    /**
     * Sends one probe.
     *
     * @param message      holding it, its type first; free again when the call returns.
     * @param offset       where it begins.
     * @param length       its length in bytes.
     * @param packetLength of the IP packet, header included, in bytes; the packet may be up to 3 bytes shorter, where ESP's alignment wants it.
     * @return whether it was given to the network; not where it is longer than the first link takes.
     */
    boolean send(DirectBuffer message, int offset, int length, int packetLength);
}
