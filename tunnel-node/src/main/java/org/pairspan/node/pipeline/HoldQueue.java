package org.pairspan.node.pipeline;

import java.util.ArrayDeque;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.protocol.wire.DropCounters;
import org.pairspan.protocol.wire.DropReason;

/**
 * Packets that wait for a key (KS-3): bounded in number, in bytes and in time. Data thread only. It allocates, which the way of a packet
 * may not do otherwise: a packet comes here only while there is no association for it.
 */
final class HoldQueue {
    private final int mostPackets;
    private final long mostBytes;
    private final long patienceNs;
    private final DropCounters drops;
    private final ArrayDeque<Held> queue = new ArrayDeque<>();
    private long bytes;

    /** What becomes of a held packet that is tried again. */
    enum Fate {
        /** Sent, or dropped and counted by the one who tried. */
        DONE,
        /** Still no association. */
        WAIT
    }

    /** Tries a held packet again. */
    @FunctionalInterface
    interface Trial {
        Fate attempt(MutableDirectBuffer packet, int length);
    }

    private record Held(UnsafeBuffer packet, long sinceNs) {
    }

    /**
     * @param mostPackets held at once.
     * @param mostBytes   held at once.
     * @param patienceNs  how long a packet waits.
     * @param drops       where what is given up is counted.
     */
    HoldQueue(int mostPackets, long mostBytes, long patienceNs, DropCounters drops) {
        this.mostPackets = mostPackets;
        this.mostBytes = mostBytes;
        this.patienceNs = patienceNs;
        this.drops = drops;
    }

    /** Copies a packet and keeps it, or drops it where the queue is full. */
    void hold(DirectBuffer packet, int length, long nowNs) {
        if (queue.size() >= mostPackets || bytes + length > mostBytes) {
            drops.increment(DropReason.HOLD_QUEUE_FULL);
            return;
        }
        byte[] copy = new byte[length];
        packet.getBytes(0, copy);
        queue.add(new Held(new UnsafeBuffer(copy), nowNs));
        bytes += length;
    }

    /** Tries every held packet once, oldest first, and gives up those that have waited too long. */
    void retry(Trial trial, long nowNs) {
        for (int left = queue.size(); left > 0; left--) {
            Held held = queue.remove();
            int length = held.packet.capacity();
            bytes -= length;
            if (trial.attempt(held.packet, length) == Fate.DONE) {
                continue;
            }
            if (nowNs - held.sinceNs >= patienceNs) {
                drops.increment(DropReason.HOLD_EXPIRED);
            } else {
                queue.add(held);
                bytes += length;
            }
        }
    }

    /** How many packets wait. */
    int size() {
        return queue.size();
    }
}
