package org.pairspan.protocol.pathmtu;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A discovery, a peer that echoes, and a path between them that carries packets up to a length, late, and loses some. A small packet is
 * asked back each second.
 */
final class SimulatedPath {
    static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final long REQUEST_INTERVAL_NS = 1000 * MS;
    private static final int SMALL = 100;

    final List<Integer> results = new ArrayList<>();
    final List<Integer> probed = new ArrayList<>();
    final PathMtuDiscovery discovery;
    int carries;
    int firstLinkTakes = 65_535;
    long roundTripNs = 20 * MS;
    double loss;
    long nowNs;
    private final Random random;
    private final PathMtuDiscovery peer = new PathMtuDiscovery(PathMtuSettings.upTo(1500, false), size -> { }, 0);
    private final PriorityQueue<Arrival> arrivals = new PriorityQueue<>();

    /** Of a message; or of the small packet that left at a time, where the message is null. */
    private record Arrival(long timeNs, boolean atPeer, byte[] message, long leftNs) implements Comparable<Arrival> {
        @Override
        public int compareTo(Arrival other) {
            return Long.compare(timeNs, other.timeNs);
        }
    }

    SimulatedPath(PathMtuSettings settings, int carries, long seed) {
        this.discovery = new PathMtuDiscovery(settings, results::add, 0);
        this.carries = carries;
        this.random = new Random(seed);
    }

    void run(long durationNs) {
        for (long end = nowNs + durationNs; nowNs < end; nowNs += MS) {
            while (!arrivals.isEmpty() && arrivals.peek().timeNs <= nowNs) {
                Arrival arrival = arrivals.poll();
                arrive(arrival);
            }
            if (nowNs % REQUEST_INTERVAL_NS == 0) {
                carry(true, null, nowNs, SMALL);
            }
            discovery.doWork(nowNs, (message, offset, length) -> carry(false, copy(message, offset, length), 0, SMALL),
                (message, offset, length, packetLength) -> {
                    probed.add(packetLength);
                    return packetLength <= firstLinkTakes && carry(true, copy(message, offset, length), 0, packetLength);
                });
            peer.doWork(nowNs, (message, offset, length) -> carry(false, copy(message, offset, length), 0, SMALL),
                (message, offset, length, packetLength) -> false);
        }
    }

    private void arrive(Arrival arrival) {
        if (arrival.message != null) {
            PathMtuDiscovery to = arrival.atPeer ? peer : discovery;
            to.onMessage(new UnsafeBuffer(arrival.message), 0, arrival.message.length, nowNs);
        } else if (arrival.atPeer) {
            carry(false, null, arrival.leftNs, SMALL);
        } else {
            discovery.onAnswer(arrival.leftNs);
        }
    }

    private boolean carry(boolean toPeer, byte[] message, long leftNs, int packetLength) {
        if (packetLength <= carries && random.nextDouble() >= loss) {
            arrivals.add(new Arrival(nowNs + roundTripNs / 2, toPeer, message, leftNs));
        }
        return true;
    }

    private static byte[] copy(DirectBuffer message, int offset, int length) {
        byte[] copy = new byte[length];
        message.getBytes(offset, copy);
        return copy;
    }
}
