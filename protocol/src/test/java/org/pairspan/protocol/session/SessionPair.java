package org.pairspan.protocol.session;

import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.protocol.padding.PaddingSettings;

/** Two sessions, and between them a network that carries packets up to a length, late, and loses some. */
final class SessionPair {
    static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

    final SessionEnd left;
    final SessionEnd right;
    int carries = 1500;
    double loss;
    boolean cut;
    long oneWayNs = 10 * MS;
    long packets;
    long nowNs;
    private final Random random;
    private final PriorityQueue<Packet> network = new PriorityQueue<>();

    private record Packet(long timeNs, SessionEnd to, byte[] message) implements Comparable<Packet> {
        @Override
        public int compareTo(Packet other) {
            return Long.compare(timeNs, other.timeNs);
        }
    }

    SessionPair(PaddingSettings padding, long seed) {
        random = new Random(seed);
        left = new SessionEnd(true, padding, (message, offset, length, packetLength) ->
            carry(false, message, offset, length, packetLength));
        right = new SessionEnd(false, padding, (message, offset, length, packetLength) ->
            carry(true, message, offset, length, packetLength));
    }

    void run(long durationNs) {
        for (long end = nowNs + durationNs; nowNs < end; nowNs += MS) {
            turn();
        }
    }

    private void turn() {
        while (!network.isEmpty() && network.peek().timeNs <= nowNs) {
            Packet packet = network.poll();
            packet.to.datagrams++;
            if (packet.message != null) {
                packet.to.session.onControl(new UnsafeBuffer(packet.message), 0, packet.message.length, nowNs);
            }
        }
        left.session.doWork(nowNs);
        right.session.doWork(nowNs);
    }

    private boolean carry(boolean toLeft, DirectBuffer message, int offset, int length, int packetLength) {
        packets++;
        if (cut || packetLength > carries || random.nextDouble() < loss) {
            return true;
        }
        byte[] copy = message == null ? null : new byte[length];
        if (message != null) {
            message.getBytes(offset, copy);
        }
        network.add(new Packet(nowNs + oneWayNs, toLeft ? left : right, copy));
        return true;
    }
}
