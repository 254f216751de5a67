package org.pairspan.node.queue;

import org.pairspan.protocol.wire.DropReason;

/**
 * Controlled Delay (RFC 8289): a packet is dropped, or marked where its flow understands it, when every packet of the flow has waited
 * longer than the target for a whole interval; then more often, by the square root of the number, until the wait is short again. Bursts
 * pass, a standing queue does not.
 *
 * <p>The RFC's interval of 100 ms is the round trip of the internet at large. Here the round trip to the peer is measured, and the
 * interval follows it; the target is a tenth of the interval (section 4.4 recommends 5 to 10 per cent).
 */
final class CoDel {
    private static final int INTERVAL_IN_TARGETS = 10;
    /** Where no more than this waits behind a packet, there is no queue to shorten. */
    private static final int ONE_PACKET = 1_514;
    /** A new dropping phase within this many intervals of the last one goes on where that one ended. */
    private static final int MEMORY_INTERVALS = 16;

    private final PacketPool pool;
    private final Patience patience;
    private long intervalNs;
    private long targetNs;
    private int dropped;
    private long resumedNs;
    private boolean resumed;

    /** What is remembered of one flow. */
    static final class State {
        /** Since when the wait has been above the target; only while {@link #above}. */
        private long aboveSinceNs;
        private boolean above;
        private boolean dropping;
        private long nextDropNs;
        private int count;
        private int lastCount;
    }

    CoDel(PacketPool pool, Patience patience) {
        this.pool = pool;
        this.patience = patience;
        follow(0);
    }

    /** @param roundTripNs to the peer and back. */
    void follow(long roundTripNs) {
        intervalNs = Math.clamp(roundTripNs, patience.shortestIntervalNs, patience.longestIntervalNs);
        targetNs = intervalNs / INTERVAL_IN_TARGETS;
    }

    /** Packets that wait are served from now on. What they waited until now, for want of a key or a peer, is no sign of congestion. */
    void resume(long nowNs) {
        resumedNs = nowNs;
        resumed = true;
    }

    /** Packets dropped since the last call. */
    int takeDropped() {
        int taken = dropped;
        dropped = 0;
        return taken;
    }

    /** The next packet of a flow that may go, or {@link PacketPool#NONE} where none is left. */
    int next(Flow flow, long nowNs) {
        State state = flow.codel;
        int slot = flow.poll();
        boolean tooLong = tooLong(flow, slot, nowNs);
        if (!state.dropping) {
            return tooLong ? startDropping(flow, slot, nowNs) : slot;
        }
        state.dropping = tooLong;
        while (state.dropping && nowNs - state.nextDropNs >= 0) {
            state.count++;
            state.nextDropNs += spacing(state);
            if (mark(slot)) {
                return slot;
            }
            drop(slot);
            slot = flow.poll();
            state.dropping = tooLong(flow, slot, nowNs);
        }
        return slot;
    }

    private int startDropping(Flow flow, int slot, long nowNs) {
        State state = flow.codel;
        int since = state.count - state.lastCount;
        boolean recently = nowNs - state.nextDropNs < MEMORY_INTERVALS * intervalNs;
        state.count = since > 1 && recently ? since : 1;
        state.lastCount = state.count;
        state.dropping = true;
        state.nextDropNs = nowNs + spacing(state);
        if (mark(slot)) {
            return slot;
        }
        drop(slot);
        int following = flow.poll();
        tooLong(flow, following, nowNs);
        return following;
    }

    private boolean tooLong(Flow flow, int slot, long nowNs) {
        State state = flow.codel;
        if (slot == PacketPool.NONE || waitedNs(slot, nowNs) < targetNs || flow.bytes() <= ONE_PACKET) {
            state.above = false;
            return false;
        }
        if (!state.above || resumed && state.aboveSinceNs - resumedNs < 0) {
            state.above = true;
            state.aboveSinceNs = nowNs;
            return false;
        }
        return nowNs - state.aboveSinceNs >= intervalNs;
    }

    private long waitedNs(int slot, long nowNs) {
        long waitedNs = nowNs - pool.sinceNs[slot];
        return resumed ? Math.min(waitedNs, nowNs - resumedNs) : waitedNs;
    }

    private long spacing(State state) {
        return (long) (intervalNs / Math.sqrt(state.count));
    }

    private boolean mark(int slot) {
        return CongestionMark.set(pool.memory(slot), 0);
    }

    private void drop(int slot) {
        pool.release(slot);
        pool.drops().increment(DropReason.QUEUE_DELAY);
        dropped++;
    }
}
