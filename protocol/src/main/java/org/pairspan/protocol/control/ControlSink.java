package org.pairspan.protocol.control;

import org.agrona.DirectBuffer;

/** Where a protocol puts a message for the peer. It is protected and sent at once, or lost: nothing here is queued or repeated. */
@FunctionalInterface
public interface ControlSink {
    /** Bytes of the longest message. */
    int LONGEST_MESSAGE = 1_200;

    /**
     * Sends one message under the association that protects payload now.
     *
     * @param message holding it, its {@link ControlType} code first; free again when the call returns.
     * @param offset where it begins.
     * @param length its length in bytes, 1 to {@link #LONGEST_MESSAGE}.
     * @return whether it was given to the network; a message that is lost here is lost like one on the way.
     */
    boolean send(DirectBuffer message, int offset, int length);
}
