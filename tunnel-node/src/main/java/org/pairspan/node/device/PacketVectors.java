package org.pairspan.node.device;

import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.node.posix.IoVector;

/**
 * Stretches of direct memory that are one frame for a device, one behind the other: an {@link OffloadHeader} and an IP packet.
 * Nothing is copied: the memory must stay as it is until the frame is written. One thread.
 */
public final class PacketVectors {
    private final UnsafeBuffer vectors;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private final int capacity;
    private int count;
    private int length;

    /** @param capacity the most stretches there will be; the kernel takes 1024 */
    public PacketVectors(int capacity) {
        this.capacity = capacity;
        this.vectors = new UnsafeBuffer(ByteBuffer.allocateDirect(capacity * IoVector.LENGTH));
    }

    /** Forgets all stretches, so that the next frame can be put together. */
    public void clear() {
        count = 0;
        length = 0;
    }

    /**
     * Adds a stretch; none when {@code octets} is 0.
     *
     * @throws IllegalArgumentException for memory on the heap
     * @throws IllegalStateException when as many are there as fit
     */
    public void add(DirectBuffer buffer, int offset, int octets) {
        buffer.boundsCheck(offset, octets);
        if (buffer.byteArray() != null) {
            throw new IllegalArgumentException("the kernel reads direct memory only");
        }
        if (octets > 0) {
            if (count == capacity) {
                throw new IllegalStateException("no room for more than " + capacity + " stretches of memory");
            }
            IoVector.put(vectors, count * IoVector.LENGTH, buffer.addressOffset() + offset, octets);
            count++;
            length += octets;
        }
    }

    /** Stretches added. */
    public int count() {
        return count;
    }

    /** Octets of all stretches together. */
    public int length() {
        return length;
    }

    /** Copies the frame into one stretch of {@link #length} octets, as the kernel would. */
    public void copyTo(MutableDirectBuffer target, int targetOffset) {
        int at = targetOffset;
        for (int i = 0; i < count; i++) {
            int octets = (int) vectors.getLong(i * IoVector.LENGTH + IoVector.LENGTH_OFFSET);
            view.wrap(vectors.getLong(i * IoVector.LENGTH + IoVector.BASE_OFFSET), octets);
            target.putBytes(at, view, 0, octets);
            at += octets;
        }
    }

    /** Where the {@link IoVector}s lie. */
    long address() {
        return vectors.addressOffset();
    }
}
