package org.pairspan.cli.lab.line;

import org.pairspan.cli.lab.LabException;
import org.pairspan.cli.lab.PacketSocket;
import org.pairspan.node.posix.Errno;
import org.pairspan.node.posix.Posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;

/** One direction of a line: frames from one packet socket to another. Everything but {@link #counts} belongs to one thread. */
final class LineDirection {

    private static final int BATCH = 64;
    private static final int LARGEST_READ = 1 << 17;
    /** The kernel's {@code virtio_net_hdr}: whether the checksum is still to be computed goes along with the frame. */
    private static final int VIRTIO_HEADER = 10;
    private static final int ETHERNET_HEADER = 14;
    private static final long LATE_ROOM = 4 << 20;

    private final int from;
    private final int to;
    private final SplittableRandom random;
    private final MemorySegment frame;
    private final FrameRing inOrder;
    private final FrameRing late;
    private final AtomicLongArray counts = new AtomicLongArray(LineCounter.values().length);
    private long capacityFreeNs;

    /**
     * @param from socket that frames come from
     * @param to socket that they go to
     * @param room bytes of memory for frames on their way
     */
    LineDirection(Arena arena, int from, int to, long room, long seed) {
        this.from = from;
        this.to = to;
        this.random = new SplittableRandom(seed);
        this.frame = arena.allocate(LARGEST_READ, 8);
        this.inOrder = new FrameRing(arena, room);
        this.late = new FrameRing(arena, LATE_ROOM);
        this.capacityFreeNs = System.nanoTime();
    }

    /** Takes in what has come, at most a batch; how many frames that were. */
    int receive(LineSettings settings, long nowNs) {
        for (int i = 0; i < BATCH; i++) {
            final int length = Posix.read(from, frame.address(), LARGEST_READ);
            if (length == -Errno.EAGAIN || length == -Errno.EINTR) {
                return i;
            }
            if (length < 0) {
                throw new LabException("the line could not read: " + Posix.message(length));
            }
            count(LineCounter.ARRIVED);
            admit(settings, length, nowNs);
        }
        return BATCH;
    }

    /** Hands over what is due, at most a batch; how many frames that were. */
    int release(long nowNs) {
        int released = 0;
        while (released < BATCH) {
            final FrameRing next = late.dueNs() < inOrder.dueNs() ? late : inOrder;
            if (next.dueNs() > nowNs) {
                break;
            }
            final int written = Posix.write(to, next.address(), next.length());
            count(written < 0 ? LineCounter.REFUSED : LineCounter.DELIVERED);
            next.remove();
            released++;
        }
        return released;
    }

    /** When the next frame is due; {@code Long.MAX_VALUE} when none is on its way. */
    long dueNs() {
        return Math.min(inOrder.dueNs(), late.dueNs());
    }

    /** Asks the kernel what it could not keep. */
    void countMissed() {
        counts.lazySet(LineCounter.MISSED.ordinal(), counts.get(LineCounter.MISSED.ordinal()) + PacketSocket.missed(from));
    }

    /** What was counted so far; any thread. */
    Map<String, Long> counts() {
        final Map<String, Long> named = new TreeMap<>();
        for (final LineCounter counter : LineCounter.values()) {
            named.put(counter.name(), counts.get(counter.ordinal()));
        }
        return named;
    }

    private void admit(LineSettings settings, int length, long nowNs) {
        final int ethernetLength = length - VIRTIO_HEADER;
        if (ethernetLength - ETHERNET_HEADER > settings.mtu()) {
            count(LineCounter.TOO_LARGE);
        } else if (chance(settings.loss())) {
            count(LineCounter.LOST);
        } else {
            carry(settings, length, nowNs, ethernetLength);
        }
    }

    private void carry(LineSettings settings, int length, long nowNs, int ethernetLength) {
        long leavesNs = nowNs;
        if (settings.bitsPerSecond() > 0) {
            final long startsNs = Math.max(nowNs, capacityFreeNs);
            if ((startsNs - nowNs) / 8e9 * settings.bitsPerSecond() > settings.bufferBytes()) {
                count(LineCounter.OVERFLOWED);
                return;
            }
            leavesNs = startsNs + Math.round(ethernetLength * 8e9 / settings.bitsPerSecond());
            capacityFreeNs = leavesNs;
        }
        final boolean heldBack = chance(settings.reorder());
        if (heldBack) {
            count(LineCounter.REORDERED);
        }
        final FrameRing ring = heldBack ? late : inOrder;
        final long dueNs = leavesNs + settings.delayNs() + (heldBack ? settings.reorderByNs() : 0);
        add(ring, length, dueNs);
        if (chance(settings.duplicate())) {
            count(LineCounter.DUPLICATED);
            add(ring, length, dueNs);
        }
    }

    private void add(FrameRing ring, int length, long dueNs) {
        if (!ring.add(frame, length, dueNs)) {
            count(LineCounter.NO_ROOM);
        }
    }

    private boolean chance(double share) {
        return share > 0 && random.nextDouble() < share;
    }

    private void count(LineCounter counter) {
        counts.lazySet(counter.ordinal(), counts.get(counter.ordinal()) + 1);
    }
}
