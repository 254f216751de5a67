package org.pairspan.node.queue;

/** Packets of one flow that wait, in the order they came, and what the schedulers know of it. */
final class Flow {
    private final PacketPool pool;
    private int first = PacketPool.NONE;
    private int last = PacketPool.NONE;
    /** Bytes that wait in slots of each kind. */
    private int smallBytes;
    private int largeBytes;

    /** Bytes this flow may still send in its turn; deficit round robin. */
    int deficit;
    /** The flow behind this one in its list. */
    Flow next;
    /** Whether it stands in a list. */
    boolean listed;
    final CoDel.State codel = new CoDel.State();

    Flow(PacketPool pool) {
        this.pool = pool;
    }

    void add(int slot) {
        if (first == PacketPool.NONE) {
            first = slot;
        } else {
            pool.next[last] = slot;
        }
        last = slot;
        count(slot, pool.length[slot]);
    }

    /** Takes the oldest packet out; {@link PacketPool#NONE} where none waits. */
    int poll() {
        int slot = first;
        if (slot != PacketPool.NONE) {
            first = pool.next[slot];
            count(slot, -pool.length[slot]);
        }
        return slot;
    }

    /** The oldest packet, which stays. */
    int peek() {
        return first;
    }

    int bytes() {
        return smallBytes + largeBytes;
    }

    int bytes(boolean large) {
        return large ? largeBytes : smallBytes;
    }

    private void count(int slot, int bytes) {
        if (pool.isLarge(slot)) {
            largeBytes += bytes;
        } else {
            smallBytes += bytes;
        }
    }
}
