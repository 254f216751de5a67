package org.pairspan.cli.demo;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Packets that nodes gave up themselves since a moment: on a machine that has more to do than it can, a packet waits for its key or its turn for
 * longer than it may. They are counted, and no tunnel has lost them.
 */
final class GivenUp {

    /** While a packet's turn is awaited. */
    static final List<String> IN_QUEUES = List.of("QUEUE_DELAY", "QUEUE_FULL");
    /** While its key is awaited, too. */
    static final List<String> BEFORE_THE_TUNNEL = List.of("QUEUE_DELAY", "QUEUE_FULL", "HOLD_QUEUE_FULL", "HOLD_EXPIRED");

    private final List<String> reasons;
    private final List<Supplier<Map<String, Long>>> nodes;
    private final long before;

    /** Counts from now on, at some nodes, what they dropped for some reasons; a node's drops by reason have those only that there were. */
    GivenUp(List<String> reasons, List<Supplier<Map<String, Long>>> nodes) {
        this.reasons = reasons;
        this.nodes = nodes;
        this.before = total();
    }

    /** So many packets. */
    long packets() {
        return total() - before;
    }

    private long total() {
        return nodes.stream().map(Supplier::get).mapToLong(drops -> reasons.stream().mapToLong(reason -> drops.getOrDefault(reason, 0L)).sum()).sum();
    }
}
