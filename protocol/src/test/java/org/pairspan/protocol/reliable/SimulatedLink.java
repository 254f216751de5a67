package org.pairspan.protocol.reliable;

import java.util.Random;

/** One direction of a line: a drop-tail buffer before a link of some bandwidth and length that loses, doubles and reorders. */
final class SimulatedLink {
    private static final int OVERHEAD_BYTES = 90;

    private final Simulation simulation;
    private final Random random;
    private final double bitsPerSecond;
    private long delayNs;
    private final int bufferBytes;
    private double loss;
    private double duplication;
    private long reorderingNs;
    private boolean cut;
    private long busyUntilNs;
    private long overflows;

    SimulatedLink(Simulation simulation, long seed, double bitsPerSecond, long delayNs, int bufferBytes) {
        this.simulation = simulation;
        this.random = new Random(seed);
        this.bitsPerSecond = bitsPerSecond;
        this.delayNs = delayNs;
        this.bufferBytes = bufferBytes;
        busyUntilNs = simulation.nowNs();
    }

    SimulatedLink losing(double share) {
        loss = share;
        return this;
    }

    SimulatedLink duplicating(double share) {
        duplication = share;
        return this;
    }

    SimulatedLink reordering(long upToNs) {
        reorderingNs = upToNs;
        return this;
    }

    /** The way becomes longer or shorter; what is on it already arrives after the old time. */
    void delay(long ns) {
        delayNs = ns;
    }

    void cut(boolean isCut) {
        cut = isCut;
    }

    long overflows() {
        return overflows;
    }

    void send(int length, Runnable arrival) {
        long nowNs = simulation.nowNs();
        long startNs = Math.max(nowNs, busyUntilNs);
        if ((startNs - nowNs) * bitsPerSecond / 8e9 > bufferBytes) {
            overflows++;
            return;
        }
        busyUntilNs = startNs + (long) ((length + OVERHEAD_BYTES) * 8e9 / bitsPerSecond);
        if (cut || random.nextDouble() < loss) {
            return;
        }
        deliver(arrival);
        if (random.nextDouble() < duplication) {
            deliver(arrival);
        }
    }

    private void deliver(Runnable arrival) {
        long extraNs = reorderingNs == 0 ? 0 : random.nextLong(reorderingNs);
        simulation.after(busyUntilNs - simulation.nowNs() + delayNs + extraNs, arrival);
    }
}
