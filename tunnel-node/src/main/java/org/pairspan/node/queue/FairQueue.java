package org.pairspan.node.queue;

import org.agrona.DirectBuffer;
import org.pairspan.protocol.wire.Counter;
import org.pairspan.protocol.wire.DropReason;

/**
 * The packets that wait for one peer (RFC 8290): every flow has a queue of its own, and they take turns by deficit round robin. A flow that
 * had nothing waiting, like a ping, a request or a new connection, goes before those that always have. {@link CoDel} keeps each flow's
 * queue short.
 *
 * <p>The packet whose turn it is stays {@link #current} until it is {@link #finish finished}, because a stream may take part of it only.
 */
public final class FairQueue {
    private static final int NONE = PacketPool.NONE;
    /** Enough for the flows of one peer, which are not those of a whole line; a power of two. */
    private static final int FLOWS = 256;
    /** Bytes a flow may send in a turn; one packet of the usual size. */
    private static final int QUANTUM = 1_514;
    /** Packets that give way at once (RFC 8290, section 4.1.3): to search for the fullest flow costs more than to drop. */
    private static final int MOST_GIVING_WAY = 64;

    private final PacketPool pool;
    private final CoDel codel;
    private final Flow[] flows = new Flow[FLOWS];
    private final FlowList sparse = new FlowList();
    private final FlowList bulk = new FlowList();
    private final Counter packets = new Counter();
    private int current = NONE;
    private int smallBytes;
    private int largeBytes;

    /**
     * @param pool     with the memory.
     * @param patience with waiting packets.
     */
    public FairQueue(PacketPool pool, Patience patience) {
        this.pool = pool;
        codel = new CoDel(pool, patience);
        for (int i = 0; i < FLOWS; i++) {
            flows[i] = new Flow(pool);
        }
        pool.join(this);
    }

    /** Whether nothing waits, the current packet included. */
    public boolean isEmpty() {
        return packets.get() == 0;
    }

    /** Packets that wait, the current one included. Any thread. */
    public long packets() {
        return packets.get();
    }

    /** Bytes that wait, the current packet not among them. */
    public int bytes() {
        return smallBytes + largeBytes;
    }

    /** @param roundTripNs to the peer and back; what counts as a standing queue follows it. */
    public void followRoundTrip(long roundTripNs) {
        codel.follow(roundTripNs);
    }

    /**
     * Copies a packet to the end of its flow's queue. Where all memory is used, the fullest queue of the node gives way.
     *
     * @param flowHash of {@link FlowHash}.
     * @param traits   anything; given back with the packet.
     * @return false where there was no room; the packet is counted as dropped.
     */
    public boolean add(int flowHash, DirectBuffer packet, int offset, int length, int traits, long nowNs) {
        int slot = copy(packet, offset, length, traits, nowNs);
        if (slot == NONE) {
            return false;
        }
        Flow flow = flows[flowHash & FLOWS - 1];
        flow.add(slot);
        count(slot, length);
        if (!flow.listed) {
            flow.listed = true;
            flow.deficit = QUANTUM;
            sparse.add(flow);
        }
        return true;
    }

    /**
     * Copies a packet of which the stream has taken part already: it is the current one. Only while the queue is empty.
     *
     * @return false where there was no room; the packet is counted as dropped.
     */
    public boolean addCurrent(DirectBuffer packet, int offset, int length, int traits, long nowNs) {
        current = copy(packet, offset, length, traits, nowNs);
        return current != NONE;
    }

    /** Packets that wait are served from now on, as nobody could before: the time until now counts as no congestion. */
    public void resume(long nowNs) {
        codel.resume(nowNs);
    }

    /**
     * Chooses the packet whose turn it is, unless one is chosen already.
     *
     * @return whether there is one; then the other methods tell of it.
     */
    public boolean choose(long nowNs) {
        while (current == NONE) {
            boolean fresh = sparse.first() != null;
            FlowList list = fresh ? sparse : bulk;
            Flow flow = list.first();
            if (flow == null) {
                return false;
            }
            if (flow.deficit <= 0) {
                flow.deficit += QUANTUM;
                list.removeFirst();
                bulk.add(flow);
            } else {
                current = next(flow, nowNs);
                if (current == NONE) {
                    list.removeFirst();
                    leave(flow, fresh);
                }
            }
        }
        return true;
    }

    private int next(Flow flow, long nowNs) {
        int small = flow.bytes(false);
        int large = flow.bytes(true);
        int slot = codel.next(flow, nowNs);
        smallBytes += flow.bytes(false) - small;
        largeBytes += flow.bytes(true) - large;
        packets.add(-codel.takeDropped());
        if (slot != NONE) {
            flow.deficit -= pool.length[slot];
        }
        return slot;
    }

    /** A sparse flow that is empty waits one round among the others before it counts as sparse again, or it could starve them. */
    private void leave(Flow flow, boolean fresh) {
        if (fresh && bulk.first() != null) {
            bulk.add(flow);
        } else {
            flow.listed = false;
        }
    }

    /** The chosen packet; it begins at 0. */
    public DirectBuffer current() {
        return pool.memory(current);
    }

    /** Length of the chosen packet in bytes. */
    public int currentLength() {
        return pool.length[current];
    }

    /** What was given with the chosen packet. */
    public int currentTraits() {
        return pool.traits[current];
    }

    /** The chosen packet has gone: its memory is free. */
    public void finish() {
        pool.release(current);
        packets.add(-1);
        current = NONE;
    }

    /**
     * Drops what has waited for longer than the patience, for instance because the peer is away. A few times a second.
     *
     * @return whether the chosen packet was among it.
     */
    public boolean expire(long patienceNs, long nowNs, DropReason reason) {
        if (isEmpty()) {
            return false;
        }
        for (Flow flow : flows) {
            while (flow.peek() != NONE && nowNs - pool.sinceNs[flow.peek()] >= patienceNs) {
                drop(flow);
                pool.drops().increment(reason);
            }
        }
        boolean chosen = current != NONE && nowNs - pool.sinceNs[current] >= patienceNs;
        if (chosen) {
            finish();
            pool.drops().increment(reason);
        }
        return chosen;
    }

    /** Drops all that waits and gives its place up; nothing may be added any more. */
    public void close(DropReason reason) {
        pool.drops().add(reason, packets());
        for (Flow flow : flows) {
            while (flow.peek() != NONE) {
                drop(flow);
            }
        }
        if (current != NONE) {
            finish();
        }
        pool.leave(this);
    }

    /** Bytes that wait in slots of this kind. */
    int bytes(boolean large) {
        return large ? largeBytes : smallBytes;
    }

    /**
     * The flow with most bytes in slots of this kind loses its oldest packets, half of its bytes at most.
     *
     * @return how many packets gave way.
     */
    int giveWay(boolean large) {
        Flow fullest = flows[0];
        for (Flow flow : flows) {
            fullest = flow.bytes(large) > fullest.bytes(large) ? flow : fullest;
        }
        int half = fullest.bytes(large) / 2;
        int given = 0;
        while (given < MOST_GIVING_WAY && fullest.bytes(large) > half) {
            drop(fullest);
            given++;
        }
        return given;
    }

    private void drop(Flow flow) {
        int slot = flow.poll();
        count(slot, -pool.length[slot]);
        packets.add(-1);
        pool.release(slot);
    }

    private int copy(DirectBuffer packet, int offset, int length, int traits, long nowNs) {
        int slot = pool.take(length);
        if (slot == NONE) {
            pool.drops().increment(DropReason.QUEUE_FULL);
            return NONE;
        }
        pool.memory(slot).putBytes(0, packet, offset, length);
        pool.traits[slot] = traits;
        pool.sinceNs[slot] = nowNs;
        packets.increment();
        return slot;
    }

    private void count(int slot, int bytes) {
        if (pool.isLarge(slot)) {
            largeBytes += bytes;
        } else {
            smallBytes += bytes;
        }
    }
}
