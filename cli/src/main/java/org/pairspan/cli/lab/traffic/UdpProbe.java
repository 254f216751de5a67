package org.pairspan.cli.lab.traffic;

import org.pairspan.cli.lab.LabException;
import org.pairspan.cli.lab.Namespace;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.locks.LockSupport;

/**
 * Numbered datagrams to a {@link UdpEcho} at a steady pace, and a note of each that came back: what {@code ping -i 0.01} does,
 * without its need for a raw socket. A number that never came back is a packet lost on the way there or back.
 */
public final class UdpProbe implements AutoCloseable {

    private static final int MAGIC = 0x50524F42;
    private static final int LENGTH = 64;

    private final DatagramChannel channel;
    private final InetSocketAddress target;
    private final long periodNs;
    private final long startNs = System.nanoTime();
    private final BitSet answered = new BitSet();
    private int sent;
    private int answers;
    private int refused;
    private long firstAnswerNs;
    private long sumNs;
    private long worstNs;
    private volatile boolean stopping;
    private IOException failure;

    private UdpProbe(DatagramChannel channel, InetSocketAddress target, Duration period) {
        this.channel = channel;
        this.target = target;
        this.periodNs = period.toNanos();
    }

    /**
     * What the probe saw.
     *
     * @param sent datagrams sent
     * @param answered how many of them came back
     * @param refused how many the kernel refused to send (no route, no buffer)
     * @param meanMs mean round trip, milliseconds
     * @param worstMs longest round trip, milliseconds
     * @param firstLost the number of the first that did not come back; -1 when all did
     */
    public record Result(int sent, int answered, int refused, double meanMs, double worstMs, int firstLost) {
        public int lost() {
            return sent - answered;
        }
    }

    /** Starts to probe from a namespace. */
    public static UdpProbe start(Namespace namespace, InetSocketAddress target, Duration period) {
        final UdpProbe probe = new UdpProbe(namespace.call(DatagramChannel::open), target, period);
        namespace.start("probe-answers", probe::receive);
        namespace.start("probe", probe::send);
        return probe;
    }

    /** Waits for the first answer after this call. */
    public synchronized boolean awaitAnswer(Duration limit) {
        final int before = answers;
        return TimedWait.until(this, limit, () -> answers > before);
    }

    /**
     * Waits for the first answer of all.
     *
     * @return seconds from the start of the probe to it; below 0 when there was none in time
     */
    public synchronized double awaitFirstAnswer(Duration limit) {
        return TimedWait.until(this, limit, () -> answers > 0) ? (firstAnswerNs - startNs) / 1e9 : -1;
    }

    /** Stops sending, waits up to {@code grace} for the last answers, and says what was seen. */
    public synchronized Result stop(Duration grace) {
        stopping = true;
        TimedWait.until(this, grace, () -> answers == sent);
        if (failure != null) {
            throw new LabException("the probe ended early: " + failure.getMessage(), failure);
        }
        final int firstLost = answered.nextClearBit(0);
        return new Result(sent, answers, refused, answers == 0 ? 0 : sumNs / 1e6 / answers, worstNs / 1e6,
            firstLost < sent ? firstLost : -1);
    }

    @Override
    public void close() throws IOException {
        stopping = true;
        channel.close();
    }

    private void send() {
        final ByteBuffer datagram = ByteBuffer.allocateDirect(LENGTH);
        long next = System.nanoTime();
        while (!stopping) {
            datagram.clear();
            datagram.putInt(0, MAGIC).putInt(4, next());
            datagram.putLong(8, System.nanoTime());
            try {
                channel.send(datagram, target);
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

    private synchronized int next() {
        return sent++;
    }

    private synchronized void countRefused() {
        refused++;
    }

    private void receive() {
        final ByteBuffer datagram = ByteBuffer.allocateDirect(LENGTH);
        try {
            while (true) {
                datagram.clear();
                channel.receive(datagram);
                datagram.flip();
                if (datagram.remaining() == LENGTH && datagram.getInt(0) == MAGIC) {
                    onAnswer(datagram.getInt(4), System.nanoTime() - datagram.getLong(8));
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

    private synchronized void onAnswer(int number, long roundTripNs) {
        if (number >= 0 && number < sent && !answered.get(number)) {
            if (answers == 0) {
                firstAnswerNs = System.nanoTime();
            }
            answered.set(number);
            answers++;
            sumNs += roundTripNs;
            worstNs = Math.max(worstNs, roundTripNs);
            notifyAll();
        }
    }
}
