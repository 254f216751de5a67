package org.pairspan.protocol.reliable;

import java.util.Random;

/** When a node's thread runs: on a busy host it waits for its turn again and again. */
final class SimulatedHost {
    static final SimulatedHost IDLE = new SimulatedHost(0, 0);

    private final Random random;
    private final long longestNs;
    private boolean started;
    private long awayFromNs;
    private long awayToNs;

    /** @param longestNs the longest that the thread runs, and the longest that it then waits. */
    SimulatedHost(long seed, long longestNs) {
        random = new Random(seed);
        this.longestNs = longestNs;
    }

    /** Runs the action now, or when the thread gets its turn. */
    void run(Simulation simulation, Runnable action) {
        long nowNs = simulation.nowNs();
        if (longestNs == 0) {
            action.run();
            return;
        }
        while (!started || nowNs - awayToNs >= 0) {
            awayFromNs = (started ? awayToNs : nowNs) + random.nextLong(longestNs);
            awayToNs = awayFromNs + random.nextLong(longestNs);
            started = true;
        }
        simulation.after(nowNs - awayFromNs >= 0 ? awayToNs - nowNs : 0, action);
    }
}
