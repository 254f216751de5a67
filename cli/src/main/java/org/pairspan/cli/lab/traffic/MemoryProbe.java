package org.pairspan.cli.lab.traffic;

import org.agrona.concurrent.UnsafeBuffer;

import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.locks.LockSupport;

/** Numbered packets from one {@link MemoryHost} to another that echoes them, at a steady pace. */
public final class MemoryProbe implements AutoCloseable {

    private static final int ECHO_PORT = 7;

    private final MemoryHost from;
    private final byte[] destination;
    private final int ownPort;
    private final long periodNs;
    private final long startNs = System.nanoTime();
    private final BitSet answered = new BitSet();
    private int sent;
    private long firstAnswerNs;
    private volatile boolean stopping;

    /** Starts to probe; {@code ownPort} must be free at the sending host. */
    public MemoryProbe(MemoryHost from, int ownPort, MemoryHost to, byte[] destination, Duration period) {
        this.from = from;
        this.destination = destination;
        this.ownPort = ownPort;
        this.periodNs = period.toNanos();
        final UnsafeBuffer echo = new UnsafeBuffer(new byte[Integer.BYTES]);
        to.listen(ECHO_PORT, (sender, port, buffer, offset, length) -> {
            echo.putInt(0, buffer.getInt(offset));
            to.send(ECHO_PORT, sender, port, echo, Integer.BYTES);
        });
        from.listen(ownPort, (sender, port, buffer, offset, length) -> onAnswer(buffer.getInt(offset)));
        Thread.ofPlatform().daemon().name("probe-" + ownPort).start(this::run);
    }

    /** Seconds from the start to the first answer; below 0 when there is none in time. */
    public synchronized double awaitFirstAnswer(Duration limit) {
        return TimedWait.until(this, limit, () -> answered.cardinality() >= 1) ? (firstAnswerNs - startNs) / 1e9 : -1;
    }

    /** Stops, waits a while for the last answers, and tells how many were sent. */
    public synchronized int stop(Duration grace) {
        stopping = true;
        TimedWait.until(this, grace, () -> answered.cardinality() >= sent);
        return sent;
    }

    /** How many have been answered. */
    public synchronized int answered() {
        return answered.cardinality();
    }

    @Override
    public void close() {
        stopping = true;
    }

    private void run() {
        final UnsafeBuffer payload = new UnsafeBuffer(new byte[Integer.BYTES]);
        while (!stopping) {
            payload.putInt(0, number());
            if (from.send(ownPort, destination, ECHO_PORT, payload, Integer.BYTES)) {
                countSent();
            }
            LockSupport.parkNanos(periodNs);
        }
    }

    private synchronized int number() {
        return sent;
    }

    private synchronized void countSent() {
        sent++;
    }

    private synchronized void onAnswer(int number) {
        if (number >= 0 && number <= sent && !answered.get(number)) {
            if (answered.isEmpty()) {
                firstAnswerNs = System.nanoTime();
            }
            answered.set(number);
            notifyAll();
        }
    }
}
