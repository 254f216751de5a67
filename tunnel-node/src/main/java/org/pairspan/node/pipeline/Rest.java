package org.pairspan.node.pipeline;

import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.pairspan.node.bearer.DescriptorSet;
import org.pairspan.node.posix.EventDescriptor;

/**
 * When and how long the data thread waits. After packets it goes on for a moment, because to be woken costs a packet more than to be found;
 * then it waits in {@code poll(2)} until a packet, a datagram or a command comes. What has no descriptor are timers: Aeron's and those of
 * the protocols are due soon after something happened, and otherwise bear a wait of some milliseconds.
 */
final class Rest implements AutoCloseable {
    /**
     * Turns without a packet follow each other for this long before the thread waits. A packet that comes meanwhile is spared about 50 µs of
     * waking; for a machine with few cores more would be a burden on those who make the packets.
     */
    static final long SPIN_NS = TimeUnit.MICROSECONDS.toNanos(50);
    /** For this long after work of any kind timers may be due at any moment. */
    static final long LIVELY_NS = TimeUnit.MILLISECONDS.toNanos(10);
    static final int LIVELY_WAIT_MS = 1;
    /** A hundred turns a second cost well below one per cent of a core; Aeron's shortest interval of its own is a hundred milliseconds. */
    static final int QUIET_WAIT_MS = 10;

    private final DescriptorSet descriptors;
    private final int device;
    private final EventDescriptor event = new EventDescriptor();
    private volatile boolean waiting;
    private long lastPacketNs;
    private long lastWorkNs;

    /**
     * @param descriptors of the bearer.
     * @param device      descriptor of the device; negative where it has to be asked, and waits are kept short.
     */
    Rest(DescriptorSet descriptors, int device) {
        this.descriptors = descriptors;
        this.device = device;
        descriptors.add(event.descriptor());
    }

    /**
     * Waits where the turn was idle. Data thread.
     *
     * @param packets  moved in this turn.
     * @param others   other things done in it.
     * @param commands that end a wait when one is added and {@link #interrupt} called.
     * @param nowNs    the time when the turn began.
     */
    void afterTurn(int packets, int others, Queue<?> commands, long nowNs) {
        if (packets > 0) {
            lastPacketNs = nowNs;
        }
        if (packets + others > 0) {
            lastWorkNs = nowNs;
            return;
        }
        if (nowNs - lastPacketNs < SPIN_NS) {
            return;
        }
        waiting = true;
        if (commands.isEmpty()) {
            descriptors.await(device, device < 0 || nowNs - lastWorkNs < LIVELY_NS ? LIVELY_WAIT_MS : QUIET_WAIT_MS);
        }
        waiting = false;
        event.clear();
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
