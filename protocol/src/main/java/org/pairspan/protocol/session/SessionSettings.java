package org.pairspan.protocol.session;

import org.pairspan.protocol.heartbeat.HeartbeatSettings;
import org.pairspan.protocol.padding.PaddingSettings;
import org.pairspan.protocol.pathmtu.PathMtuSettings;
import org.pairspan.protocol.reliable.ReliableSender;

/**
 * What is set of the protocols with one peer.
 *
 * @param heartbeat      how soon a dead peer is noticed.
 * @param pathMtu        the range of the path MTU.
 * @param padding        what is hidden of the traffic.
 * @param reliableWindow pieces that the reliable class holds each way, a power of two, 128 to {@link ReliableSender#MAX_WINDOW}.
 * @param pieceLength    the longest payload of a piece on any path, in bytes.
 * @param instance       a random number of its own for each session.
 */
public record SessionSettings(HeartbeatSettings heartbeat, PathMtuSettings pathMtu, PaddingSettings padding, int reliableWindow,
                              int pieceLength, long instance) {
    private static final int SMALLEST_WINDOW = 128;

    /**
     * The largest window whose pieces fit so much memory.
     *
     * @param bytes       of memory, each way.
     * @param pieceLength the longest payload of a piece, in bytes.
     * @return a power of two, 128 at least.
     */
    public static int windowWithin(long bytes, int pieceLength) {
        long pieces = Math.clamp(bytes / pieceLength, SMALLEST_WINDOW, ReliableSender.MAX_WINDOW);
        return (int) Long.highestOneBit(pieces);
    }
}
