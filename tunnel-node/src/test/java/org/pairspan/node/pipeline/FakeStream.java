package org.pairspan.node.pipeline;

import java.nio.ByteBuffer;
import java.util.Random;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.node.bearer.PieceHandler;
import org.pairspan.node.bearer.PieceStream;

/** Both streams of a test in memory: what one end puts in, the other takes out, less what is lost on the way. Allocates nothing. */
final class FakeStream implements PieceStream {
    private static final int MOST = 8192;
    private static final int MEMORY = 16 << 20;

    /** Largest piece. */
    int capacity = 1400;
    /** Pieces it still takes. */
    int room = Integer.MAX_VALUE;
    boolean closed;
    boolean connected = true;
    /** Loses this many of a thousand pieces. */
    int lossPerMille;
    /** Pieces taken so far. */
    long taken;
    private final Random random = new Random(1);
    private final long[] headers = new long[MOST];
    private final int[] offsets = new int[MOST];
    private final int[] lengths = new int[MOST];
    private final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(MEMORY));
    private int count;
    private int end;
    private int claimed;

    @Override
    public int pieceCapacity() {
        return capacity;
    }

    @Override
    public int claim(int length) {
        if (length < 1 || length > capacity) {
            throw new IllegalArgumentException(length + " bytes do not fit " + capacity);
        }
        if (!connected) {
            return NOT_CONNECTED;
        }
        if (room == 0 || count == MOST || end + length > MEMORY) {
            return CONGESTED;
        }
        claimed = length;
        return CLAIMED;
    }

    @Override
    public MutableDirectBuffer claimed() {
        return memory;
    }

    @Override
    public int claimedOffset() {
        return end;
    }

    @Override
    public void commit(long segmentHeader) {
        room--;
        taken++;
        if (lossPerMille > 0 && random.nextInt(1000) < lossPerMille) {
            return;
        }
        headers[count] = segmentHeader;
        offsets[count] = end;
        lengths[count] = claimed;
        count++;
        end += claimed;
    }

    long header(int index) {
        return headers[index];
    }

    byte[] content(int index) {
        byte[] content = new byte[lengths[index]];
        memory.getBytes(offsets[index], content);
        return content;
    }

    int count() {
        return count;
    }

    /** What is taken out here was put in here. Its memory stays until the next piece is put in. */
    @Override
    public int poll(PieceHandler handler, int pieceLimit) {
        int polled = count;
        for (int i = 0; i < polled; i++) {
            handler.onPiece(headers[i], memory, offsets[i], lengths[i]);
        }
        count = 0;
        end = 0;
        return polled;
    }

    @Override
    public void close() {
        closed = true;
    }
}
