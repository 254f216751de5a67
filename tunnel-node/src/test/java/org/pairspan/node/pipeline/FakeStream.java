package org.pairspan.node.pipeline;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.node.bearer.PieceStream;

/** A stream of a test: it takes as many pieces as it is told, and keeps them. */
final class FakeStream implements PieceStream {
    record Piece(long header, byte[] content) {
    }

    final List<Piece> pieces = new ArrayList<>();
    int capacity = 1400;
    /** Pieces it still takes. */
    int room = Integer.MAX_VALUE;
    boolean connected = true;
    /** Whether it forgets what it takes. */
    boolean forgetful;
    long taken;
    private final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(65_536));
    private int claimed;

    @Override
    public int pieceCapacity() {
        return capacity;
    }

    @Override
    public int claim(int length) {
        if (length > capacity) {
            throw new IllegalArgumentException(length + " bytes are more than " + capacity);
        }
        if (!connected) {
            return NOT_CONNECTED;
        }
        if (room == 0) {
            return CONGESTED;
        }
        room--;
        claimed = length;
        return CLAIMED;
    }

    @Override
    public MutableDirectBuffer claimed() {
        return memory;
    }

    @Override
    public int claimedOffset() {
        return 64;
    }

    @Override
    public void commit(long segmentHeader) {
        taken++;
        if (!forgetful) {
            byte[] content = new byte[claimed];
            memory.getBytes(64, content);
            pieces.add(new Piece(segmentHeader, content));
        }
    }
}
