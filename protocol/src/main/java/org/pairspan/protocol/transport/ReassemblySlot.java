package org.pairspan.protocol.transport;

import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** One datagram on its way to completeness. One thread. */
final class ReassemblySlot {
    private static final int UNKNOWN = 0;

    private final UnsafeBuffer memory;
    private final long[] received = new long[Reassembler.MAX_FRAGMENTS / Long.SIZE];
    private boolean taken;
    private int spi;
    private int datagramId;
    private int total;
    private long firstAtNs;
    /** Length of every fragment but the last; unknown until one of those came. */
    private int chunk;
    /** Offset of the last fragment; unknown (0 cannot be) until it came. */
    private int lastOffset;
    /** Bytes received; fragments never overlap, so the datagram is complete when they are the total. */
    private int receivedBytes;

    ReassemblySlot(UnsafeBuffer memory) {
        this.memory = memory;
    }

    UnsafeBuffer memory() {
        return memory;
    }

    boolean isTaken() {
        return taken;
    }

    boolean holds(int otherSpi, int otherDatagramId) {
        return taken && datagramId == otherDatagramId && spi == otherSpi;
    }

    boolean isOlderThan(long ageNs, long nowNs) {
        return nowNs - firstAtNs >= ageNs;
    }

    boolean isOlderThan(ReassemblySlot other) {
        return firstAtNs - other.firstAtNs < 0;
    }

    void take(int newSpi, int newDatagramId, int newTotal, long nowNs) {
        taken = true;
        spi = newSpi;
        datagramId = newDatagramId;
        total = newTotal;
        firstAtNs = nowNs;
        chunk = UNKNOWN;
        lastOffset = UNKNOWN;
        receivedBytes = 0;
        Arrays.fill(received, 0);
    }

    void release() {
        taken = false;
    }

    /** Whether a fragment, right in itself, agrees with the ones before it. */
    boolean accepts(int ofTotal, int at, int length, boolean last) {
        if (ofTotal != total) {
            return false;
        }
        if (last) {
            return (lastOffset == UNKNOWN || lastOffset == at) && (chunk == UNKNOWN || lastFits(at, chunk));
        }
        return (chunk == UNKNOWN || chunk == length) && (lastOffset == UNKNOWN || lastFits(lastOffset, length));
    }

    /** Adds a fragment that {@link #accepts} accepts, once; answers whether the datagram is complete now. */
    boolean add(DirectBuffer payload, int offset, int at, int length, boolean last) {
        if (last) {
            if (lastOffset != UNKNOWN) {
                return false;
            }
            lastOffset = at;
        } else {
            chunk = length;
            int index = at / length;
            long bit = 1L << index;
            if ((received[index / Long.SIZE] & bit) != 0) {
                return false;
            }
            received[index / Long.SIZE] |= bit;
        }
        memory.putBytes(at, payload, offset, length);
        receivedBytes += length;
        return receivedBytes == total;
    }

    private boolean lastFits(int at, int ofChunk) {
        return at % ofChunk == 0 && total - at <= ofChunk;
    }
}
