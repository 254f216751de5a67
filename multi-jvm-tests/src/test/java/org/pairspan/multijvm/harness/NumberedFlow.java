package org.pairspan.multijvm.harness;

import org.pairspan.cli.lab.LabException;
import org.pairspan.cli.lab.Namespace;
import org.pairspan.node.posix.ChannelDescriptor;
import org.pairspan.node.posix.SocketOptions;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Numbered UDP packets one way, at a steady rate, and a note of each that arrives: lost, doubled, late or changed ones are known by number.
 *
 * <pre>
 *   0              4              8
 *   | magic        | number       | the number again and again, to the end
 * </pre>
 */
public final class NumberedFlow implements AutoCloseable {

    private static final int MAGIC = 0x4E554D42;
    private static final int HEADER = 8;
    private static final int RECEIVE_BUFFER = 32 << 20;

    private final DatagramChannel sender;
    private final DatagramChannel receiver;
    private final InetSocketAddress target;
    private final int length;
    private final long periodNs;
    private final BitSet arrived = new BitSet();
    private int sent;
    private int refused;
    private int distinct;
    private int doubled;
    private int late;
    private int changed;
    private int highest = -1;
    private long lastArrivalNs;
    private long longestGapNs;
    private IOException failure;
    private volatile boolean stopping;
    private boolean sendingEnded;

    /**
     * What became of a flow.
     *
     * @param sent packets the kernel took
     * @param refused packets the kernel did not take
     * @param arrived how many different ones arrived
     * @param doubled arrivals of one that had arrived before
     * @param late arrivals after one with a higher number
     * @param changed arrivals with other bytes than were sent
     * @param firstLost number of the first that did not arrive; -1 when all did
     * @param longestGapMs the longest time without an arrival, between the first and the last
     */
    public record Result(int sent, int refused, int arrived, int doubled, int late, int changed, int firstLost, double longestGapMs) {
        public int lost() {
            return sent - arrived;
        }

        /** Whether what arrived did so once, as it was. */
        public boolean atMostOnce() {
            return sent > 0 && doubled == 0 && changed == 0;
        }
    }

    private NumberedFlow(DatagramChannel sender, DatagramChannel receiver, InetSocketAddress target, int length, int perSecond) {
        this.sender = sender;
        this.receiver = receiver;
        this.target = target;
        this.length = length;
        this.periodNs = TimeUnit.SECONDS.toNanos(1) / perSecond;
    }

    /**
     * Starts a flow.
     *
     * @param target an address and a port where the receiver listens
     * @param length bytes of UDP payload, 8 or more
     * @param perSecond packets a second
     */
    public static NumberedFlow start(Namespace from, Namespace to, InetSocketAddress target, int length, int perSecond) {
        final DatagramChannel receiver = to.call(() -> {
            final DatagramChannel channel = DatagramChannel.open().bind(target);
            // A pause of this JVM must not look like a loss of the tunnel.
            SocketOptions.receiveBuffer(ChannelDescriptor.of(channel), RECEIVE_BUFFER);
            return channel;
        });
        final NumberedFlow flow = new NumberedFlow(from.call(DatagramChannel::open), receiver, target, length, perSecond);
        to.start("flow-receiver", flow::receive);
        from.start("flow-sender", () -> {
            try {
                flow.send();
            } finally {
                flow.endSending();
            }
        });
        return flow;
    }

    /** Different packets that have arrived so far. */
    public synchronized int arrived() {
        return distinct;
    }

    /** Waits until so many have arrived in all; false when they have not in time. */
    public boolean awaitArrived(int wanted, long limitMs) throws InterruptedException {
        return await(() -> distinct >= wanted, limitMs);
    }

    /** Waits until so many more have arrived, whenever they were sent; false when they have not in time. */
    public synchronized boolean awaitArrivals(int more, long limitMs) throws InterruptedException {
        return awaitArrived(distinct + more, limitMs);
    }

    /** Waits until so many of those sent from now on have arrived, whatever else is still under way; false when they have not in time. */
    public synchronized boolean awaitPassage(int more, long limitMs) throws InterruptedException {
        final int first = sent;
        return await(() -> arrived.get(first, Math.max(first, arrived.length())).cardinality() >= more, limitMs);
    }

    private synchronized boolean await(BooleanSupplier reached, long limitMs) throws InterruptedException {
        final long start = System.nanoTime();
        while (!reached.getAsBoolean()) {
            final long leftMs = limitMs - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            if (leftMs <= 0) {
                return false;
            }
            wait(leftMs);
        }
        return true;
    }

    /** Stops sending, waits until all have arrived or none has for a while, and says what was seen. */
    public synchronized Result stop(long quietMs) throws InterruptedException {
        stopping = true;
        while (!sendingEnded) {
            wait();
        }
        int before = -1;
        while (distinct < sent && distinct > before) {
            before = distinct;
            awaitArrived(sent, quietMs);
        }
        if (failure != null) {
            throw new LabException("the flow ended early: " + failure.getMessage(), failure);
        }
        final int firstLost = arrived.nextClearBit(0);
        return new Result(sent, refused, distinct, doubled, late, changed, firstLost < sent ? firstLost : -1, longestGapNs / 1e6);
    }

    @Override
    public void close() throws IOException {
        stopping = true;
        sender.close();
        receiver.close();
    }

    private void send() {
        final ByteBuffer packet = ByteBuffer.allocateDirect(length);
        long next = System.nanoTime();
        for (int number = 0; !stopping; ) {
            fill(packet.clear(), number);
            try {
                sender.send(packet, target);
                countSent();
                number++;
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                countRefused();
            }
            next += periodNs;
            while (System.nanoTime() - next < 0) {
                LockSupport.parkNanos(next - System.nanoTime());
            }
        }
    }

    private void receive() {
        final ByteBuffer packet = ByteBuffer.allocateDirect(1 << 16);
        final ByteBuffer expected = ByteBuffer.allocateDirect(length);
        try {
            while (true) {
                receiver.receive(packet.clear());
                packet.flip();
                if (packet.remaining() < HEADER || packet.getInt(0) != MAGIC) {
                    onChanged();
                } else {
                    final int number = packet.getInt(4);
                    fill(expected.clear(), number);
                    onArrival(number, expected.equals(packet));
                }
            }
        } catch (ClosedChannelException e) {
            return;
        } catch (IOException e) {
            synchronized (this) {
                failure = e;
                notifyAll();
            }
        }
    }

    private static void fill(ByteBuffer packet, int number) {
        packet.putInt(MAGIC);
        while (packet.remaining() >= Integer.BYTES) {
            packet.putInt(number);
        }
        while (packet.hasRemaining()) {
            packet.put((byte) number);
        }
        packet.flip();
    }

    private synchronized void endSending() {
        sendingEnded = true;
        notifyAll();
    }

    private synchronized void countSent() {
        sent++;
    }

    private synchronized void countRefused() {
        refused++;
    }

    private synchronized void onChanged() {
        changed++;
    }

    private synchronized void onArrival(int number, boolean whole) {
        final long nowNs = System.nanoTime();
        if (distinct > 0) {
            longestGapNs = Math.max(longestGapNs, nowNs - lastArrivalNs);
        }
        lastArrivalNs = nowNs;
        if (!whole || number < 0) {
            changed++;
        } else if (arrived.get(number)) {
            doubled++;
        } else {
            arrived.set(number);
            distinct++;
            if (number < highest) {
                late++;
            }
            highest = Math.max(highest, number);
            notifyAll();
        }
    }
}
