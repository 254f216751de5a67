package org.pairspan.protocol.reliable;

import org.agrona.DirectBuffer;

/** What the receiver last said of itself. A room of nothing at all is taken for the least, as none that is ours says so. */
final class PeerReceiver {
    private long instance;
    private int window;
    private int pieceLength;

    void learn(DirectBuffer message, int offset, int mostPieces) {
        instance = Acknowledgement.instance(message, offset);
        pieceLength = Math.max(1, Acknowledgement.longestPiece(message, offset));
        int its = Acknowledgement.window(message, offset);
        window = its < 0 ? mostPieces : Math.clamp(its, 1, mostPieces);
    }

    boolean isInstanceOf(DirectBuffer message, int offset) {
        return Acknowledgement.instance(message, offset) == instance;
    }

    int window() {
        return window;
    }

    int pieceLength() {
        return pieceLength;
    }
}
