package org.pairspan.node.device;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.pairspan.protocol.address.IpPrefix;

/**
 * A device without a kernel behind it: two bounded queues of packets. Any thread may {@link #inject}, one may {@link #take}, and
 * the data thread of a node reads and writes in between. Where a queue is full the packet is refused, as a real device does it.
 */
public final class InMemoryDevice implements PacketDevice {
    /** Octets of each queue; the longest message of a ring is an eighth of it. */
    private static final int QUEUE_LENGTH = 1 << 20;
    private static final int PACKET = 1;

    private final String name;
    private final int mtu;
    private final RingBuffer towardsNode = new ManyToOneRingBuffer(allocate());
    private final RingBuffer towardsApplication = new OneToOneRingBuffer(allocate());
    private final Copier nodeCopier = new Copier(0);
    private final Copier applicationCopier = new Copier(OffloadHeader.LENGTH);
    private final Set<IpPrefix> routes = ConcurrentHashMap.newKeySet();

    /** @param mtu bytes of the longest IP packet from the application */
    public InMemoryDevice(String name, int mtu) {
        this.name = name;
        this.mtu = mtu;
    }

    /**
     * The application's side sends one IP packet, which lacks nothing.
     *
     * @return false when the queue is full
     * @throws IllegalArgumentException when it is longer than the MTU
     */
    public boolean inject(DirectBuffer packet, int offset, int length) {
        if (length > mtu) {
            throw new IllegalArgumentException("a packet of " + length + " octets is longer than the MTU " + mtu);
        }
        int index = towardsNode.tryClaim(PACKET, OffloadHeader.LENGTH + length);
        if (index < 0) {
            return false;
        }
        OffloadHeader.putNone(towardsNode.buffer(), index);
        towardsNode.buffer().putBytes(index + OffloadHeader.LENGTH, packet, offset, length);
        towardsNode.commit(index);
        return true;
    }

    /** The application's side receives one IP packet without its offload header: its length, or 0 when none waits. */
    public int take(MutableDirectBuffer buffer, int offset, int capacity) {
        return applicationCopier.next(towardsApplication, buffer, offset, capacity);
    }

    /** Prefixes led to this device at present; a live view. */
    public Set<IpPrefix> routes() {
        return routes;
    }

    @Override
    public int read(MutableDirectBuffer buffer, int offset, int capacity) {
        return nodeCopier.next(towardsNode, buffer, offset, capacity);
    }

    @Override
    public boolean write(DirectBuffer buffer, int offset, int length) {
        return length > OffloadHeader.LENGTH && length <= towardsApplication.maxMsgLength()
            && towardsApplication.write(PACKET, buffer, offset, length);
    }

    @Override
    public boolean write(PacketVectors frame) {
        int length = frame.length();
        int index = length > OffloadHeader.LENGTH && length <= towardsApplication.maxMsgLength()
            ? towardsApplication.tryClaim(PACKET, length) : -1;
        if (index < 0) {
            return false;
        }
        frame.copyTo(towardsApplication.buffer(), index);
        towardsApplication.commit(index);
        return true;
    }

    /** Who takes a packet sees no offload header, and could not tell many datagrams from a long one. */
    @Override
    public boolean takesUdpSegments() {
        return false;
    }

    @Override
    public int descriptor() {
        return -1;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int mtu() {
        return mtu;
    }

    @Override
    public void addRoute(IpPrefix destination) {
        routes.add(destination);
    }

    @Override
    public void removeRoute(IpPrefix destination) {
        routes.remove(destination);
    }

    /** Nothing to free but memory, which other threads may still hold: left to the collector. */
    @Override
    public void close() {
        routes.clear();
    }

    private static UnsafeBuffer allocate() {
        return new UnsafeBuffer(BufferUtil.allocateDirectAligned(QUEUE_LENGTH + RingBufferDescriptor.TRAILER_LENGTH, 64));
    }

    /** Copies the next message of a ring, without its first octets, into the buffer of who asks. */
    private static final class Copier implements MessageHandler {
        private final int skipped;
        private MutableDirectBuffer target;
        private int targetOffset;
        private int capacity;
        private int copied;

        Copier(int skipped) {
            this.skipped = skipped;
        }

        int next(RingBuffer ring, MutableDirectBuffer buffer, int offset, int room) {
            target = buffer;
            targetOffset = offset;
            capacity = room;
            copied = 0;
            if (ring.read(this, 1) == 0) {
                // A ring answers nothing where it only stepped over the padding at its end.
                ring.read(this, 1);
            }
            target = null;
            return copied;
        }

        @Override
        public void onMessage(int type, MutableDirectBuffer buffer, int index, int length) {
            if (length - skipped > capacity) {
                throw new IllegalArgumentException("no room for " + (length - skipped) + " octets in " + capacity);
            }
            copied = length - skipped;
            target.putBytes(targetOffset, buffer, index + skipped, copied);
        }
    }
}
