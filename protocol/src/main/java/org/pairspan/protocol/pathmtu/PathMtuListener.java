package org.pairspan.protocol.pathmtu;

/** Told of the path MTU, on the thread that runs the discovery. */
@FunctionalInterface
public interface PathMtuListener {
    /**
     * Another size is to be used from now on.
     *
     * @param packetLength of the largest IP packet, its header included, in bytes.
     */
    void onPathMtu(int packetLength);
}
