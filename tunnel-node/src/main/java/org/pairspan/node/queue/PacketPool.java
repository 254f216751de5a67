package org.pairspan.node.queue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.protocol.wire.DropCounters;
import org.pairspan.protocol.wire.DropReason;

/**
 * The memory of every queue of a node: small slots for packets of a network's usual size, a few large ones for what the device hands over
 * unsegmented. Direct memory, taken from the system when a slot is used for the first time, and kept. When a kind of slot is used up, the
 * queue that holds most pays for the packet that comes (RFC 8290, section 4.1.3).
 */
public final class PacketPool {
    /** No slot. */
    static final int NONE = -1;
    /** Room of a small slot in bytes. */
    static final int SMALL = 2048;
    /** How often the fullest queue is made to give way for one packet. */
    private static final int MOST_EVICTIONS = 4;
    private static final int SLOTS_OF_A_CHUNK = 64;

    private final int smallSlots;
    private final int largeLength;
    private final DropCounters drops;
    private final UnsafeBuffer[] memory;
    private final int[] freeSmall;
    private final int[] freeLarge;
    private int freeSmallCount;
    private int freeLargeCount;
    private final List<FairQueue> queues = new ArrayList<>();

    /** The slot behind each in its flow. */
    final int[] next;
    final int[] length;
    final int[] traits;
    final long[] sinceNs;

    /**
     * @param smallSlots  how many packets of up to 2 KiB may wait.
     * @param largeSlots  how many longer ones.
     * @param largeLength longest packet in bytes.
     * @param drops       where what gives way is counted.
     */
    public PacketPool(int smallSlots, int largeSlots, int largeLength, DropCounters drops) {
        this.smallSlots = smallSlots;
        this.largeLength = largeLength;
        this.drops = drops;
        int slots = smallSlots + largeSlots;
        memory = new UnsafeBuffer[slots];
        freeSmall = new int[smallSlots];
        freeLarge = new int[largeSlots];
        next = new int[slots];
        length = new int[slots];
        traits = new int[slots];
        sinceNs = new long[slots];
        // The first slots lie on top, so that as few as possible are ever used.
        while (freeSmallCount < smallSlots) {
            freeSmall[freeSmallCount++] = smallSlots - freeSmallCount;
        }
        while (freeLargeCount < largeSlots) {
            freeLarge[freeLargeCount++] = slots - freeLargeCount;
        }
    }

    /** A peer's queue takes its memory here from now on. */
    void join(FairQueue queue) {
        queues.add(queue);
    }

    /** A queue that holds nothing any more takes no memory here from now on. */
    void leave(FairQueue queue) {
        queues.remove(queue);
    }

    DropCounters drops() {
        return drops;
    }

    /** A slot for a packet, or {@link #NONE} where there is no room even after others gave way. */
    int take(int packetLength) {
        if (packetLength > largeLength) {
            return NONE;
        }
        boolean large = packetLength > SMALL;
        for (int i = 0; i < MOST_EVICTIONS && free(large) == 0; i++) {
            evict(large);
        }
        if (free(large) == 0) {
            return NONE;
        }
        int slot = large ? freeLarge[--freeLargeCount] : freeSmall[--freeSmallCount];
        if (memory[slot] == null) {
            allocate(slot);
        }
        length[slot] = packetLength;
        next[slot] = NONE;
        return slot;
    }

    void release(int slot) {
        if (isLarge(slot)) {
            freeLarge[freeLargeCount++] = slot;
        } else {
            freeSmall[freeSmallCount++] = slot;
        }
    }

    /** The packet in a slot begins at 0. */
    MutableDirectBuffer memory(int slot) {
        return memory[slot];
    }

    boolean isLarge(int slot) {
        return slot >= smallSlots;
    }

    /** Slots of a kind that nothing waits in. */
    int free(boolean large) {
        return large ? freeLargeCount : freeSmallCount;
    }

    private void evict(boolean large) {
        FairQueue fullest = null;
        for (int i = 0; i < queues.size(); i++) {
            FairQueue queue = queues.get(i);
            if (fullest == null || queue.bytes(large) > fullest.bytes(large)) {
                fullest = queue;
            }
        }
        if (fullest != null) {
            drops.add(DropReason.QUEUE_FULL, fullest.giveWay(large));
        }
    }

    private void allocate(int slot) {
        if (isLarge(slot)) {
            memory[slot] = new UnsafeBuffer(ByteBuffer.allocateDirect(largeLength));
            return;
        }
        int first = slot / SLOTS_OF_A_CHUNK * SLOTS_OF_A_CHUNK;
        int slots = Math.min(SLOTS_OF_A_CHUNK, smallSlots - first);
        ByteBuffer chunk = ByteBuffer.allocateDirect(slots * SMALL);
        for (int i = 0; i < slots; i++) {
            memory[first + i] = new UnsafeBuffer(chunk, i * SMALL, SMALL);
        }
    }
}
