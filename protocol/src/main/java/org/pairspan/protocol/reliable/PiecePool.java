package org.pairspan.protocol.reliable;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Memory for payloads in places of one size. Chunks are taken from the system when first needed and kept; the place freed last is given
 * out first, so that a short queue stays in the processor's cache.
 */
final class PiecePool {
    private static final int CHUNK_PLACES = 64;
    private static final int CHUNK_SHIFT = 6;
    private static final int ALIGNMENT = 64;

    private final int stride;
    private final UnsafeBuffer[] chunks;
    private final int[] free;
    private int freeCount;
    private int made;

    /** @param places a multiple of {@value #CHUNK_PLACES}. */
    PiecePool(int places, int pieceLength) {
        stride = (pieceLength + ALIGNMENT - 1) & -ALIGNMENT;
        chunks = new UnsafeBuffer[places >> CHUNK_SHIFT];
        free = new int[places];
    }

    /** A free place. The caller holds no more of them at a time than there are. */
    int take() {
        if (freeCount > 0) {
            return free[--freeCount];
        }
        int place = made++;
        if ((place & CHUNK_PLACES - 1) == 0) {
            chunks[place >> CHUNK_SHIFT] = new UnsafeBuffer(ByteBuffer.allocateDirect(stride * CHUNK_PLACES));
        }
        return place;
    }

    void release(int place) {
        free[freeCount++] = place;
    }

    UnsafeBuffer buffer(int place) {
        return chunks[place >> CHUNK_SHIFT];
    }

    int offset(int place) {
        return (place & CHUNK_PLACES - 1) * stride;
    }

    /** Bytes taken from the system so far. */
    long memory() {
        return (long) stride * CHUNK_PLACES * (made + CHUNK_PLACES - 1 >> CHUNK_SHIFT);
    }
}
