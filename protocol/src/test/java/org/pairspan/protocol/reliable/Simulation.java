package org.pairspan.protocol.reliable;

import java.util.PriorityQueue;

/** Events in simulated time. */
final class Simulation {
    static final long MS = 1_000_000L;
    static final long SECOND = 1_000 * MS;

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long nowNs;
    private long order;

    /** A simulation whose clock begins anywhere, as monotonic clocks do. */
    Simulation(long startNs) {
        nowNs = startNs;
    }

    long nowNs() {
        return nowNs;
    }

    void after(long delayNs, Runnable action) {
        events.add(new Event(nowNs + Math.max(0, delayNs), order++, action));
    }

    void run(long durationNs) {
        long untilNs = nowNs + durationNs;
        while (!events.isEmpty() && events.peek().atNs <= untilNs) {
            Event event = events.poll();
            nowNs = event.atNs;
            event.action.run();
        }
        nowNs = untilNs;
    }

    private record Event(long atNs, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return atNs == other.atNs ? Long.compare(order, other.order) : Long.compare(atNs, other.atNs);
        }
    }
}
