package org.pairspan.node.bearer;

import org.agrona.DirectBuffer;
import org.pairspan.node.association.PeerAssociations;

/** Takes the control messages of peers, all but those of the transport itself. Data thread. */
@FunctionalInterface
public interface ControlHandler {
    /**
     * An authentic message has come.
     *
     * @param peer    who sent it.
     * @param message holding it, the code of its {@link org.pairspan.protocol.control.ControlType} first; free again when the call
     *                returns.
     * @param offset  where it begins.
     * @param length  its length in bytes, 1 or more; zeros stand behind a path MTU probe.
     * @param nowNs   the time.
     */
    void onControl(PeerAssociations peer, DirectBuffer message, int offset, int length, long nowNs);
}
