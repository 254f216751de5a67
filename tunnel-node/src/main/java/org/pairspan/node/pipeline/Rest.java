package org.pairspan.node.pipeline;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.pairspan.node.bearer.DescriptorSet;
import org.pairspan.node.posix.EventDescriptor;

/**
 * When and how long the data thread waits. After packets it goes on for a moment, because to be woken costs a packet more than to be found;
 * then it waits in {@code ppoll(2)} until a packet, a datagram or a command comes, or a timer is due. What is urgent says so; other
 * timers, Aeron's among them, are soon due after something happened, and otherwise bear a wait of some milliseconds.
 */
final class Rest implements AutoCloseable {
    /**
     * Turns without a packet follow each other for this long before the thread waits. A packet that comes meanwhile is spared about 50 µs of
     * waking; on a machine with few cores more would be taken from those who make the packets.
     */
    static final long SPIN_NS = TimeUnit.MICROSECONDS.toNanos(50);
    /** For this long after work of any kind timers may be due at any moment. */
    static final long LIVELY_NS = TimeUnit.MILLISECONDS.toNanos(10);
    static final long LIVELY_WAIT_NS = TimeUnit.MILLISECONDS.toNanos(1);
    /** A hundred turns a second cost well below one per cent of a core; Aeron's shortest interval of its own is a hundred milliseconds. */
    static final long QUIET_WAIT_NS = TimeUnit.MILLISECONDS.toNanos(10);
    /** To wait for less costs more than the turns it spares. */
    static final long SHORTEST_WAIT_NS = TimeUnit.MICROSECONDS.toNanos(50);

    private final DescriptorSet descriptors;
    private final int device;
    private final EventDescriptor event = new EventDescriptor();
    private volatile boolean waiting;
    private long lastPacketNs;
    private long lastWorkNs;

    /**
     * @param descriptors of the bearer.
     * @param device      descriptor of the device; negative where it has to be asked, and waits are kept short.
     * @param nowNs       the time.
     */
    Rest(DescriptorSet descriptors, int device, long nowNs) {
        this.descriptors = descriptors;
        this.device = device;
        this.lastPacketNs = nowNs;
        this.lastWorkNs = nowNs;
        descriptors.add(event.descriptor());
    }

    /**
     * Whether the thread may wait after a turn. Data thread.
     *
     * @param packets moved in this turn.
     * @param others  other things done in it.
     * @param nowNs   the time when the turn began.
     */
    boolean isDue(int packets, int others, long nowNs) {
        if (packets > 0) {
            lastPacketNs = nowNs;
        }
        if (packets + others > 0) {
            lastWorkNs = nowNs;
            return false;
        }
        return nowNs - lastPacketNs >= SPIN_NS;
    }

    /**
     * Waits, where it is worth it. Data thread.
     *
     * @param isIdle     false where a command waits; one that is added later ends the wait by {@link #interrupt}.
     * @param urgentInNs when the next urgent timer is due.
     * @param nowNs      the time when the turn began.
     */
    void await(BooleanSupplier isIdle, long urgentInNs, long nowNs) {
        long wait = Math.min(urgentInNs, waitNs(nowNs));
        if (wait < SHORTEST_WAIT_NS) {
            return;
        }
        waiting = true;
        if (isIdle.getAsBoolean()) {
            descriptors.await(device, wait);
            if (descriptors.isReadable(event.descriptor())) {
                event.clear();
            }
        }
        waiting = false;
    }

    /** How long the thread waits where nothing is urgent. */
    long waitNs(long nowNs) {
        return device < 0 || nowNs - lastWorkNs < LIVELY_NS ? LIVELY_WAIT_NS : QUIET_WAIT_NS;
    }

    /** Ends a wait. Any thread. */
    void interrupt() {
        if (waiting) {
            event.signal();
        }
    }

    @Override
    public void close() {
        descriptors.remove(event.descriptor());
        event.close();
    }
}
