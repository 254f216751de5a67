package org.pairspan.multijvm.harness;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Packets that never got into a tunnel, or came out of it and found the socket of the test full, since this was made. Both say that the machine
 * has more to do than it can; no tunnel lost them.
 */
public final class Overload {

    private final LineTunnel tunnel;
    private final long before;

    private Overload(LineTunnel tunnel) {
        this.tunnel = tunnel;
        this.before = counted(tunnel);
    }

    /** Counts from now on. A node that starts again begins to count anew. */
    public static Overload of(LineTunnel tunnel) {
        return new Overload(tunnel);
    }

    /** Fails unless each packet arrived at most once, unchanged, and no more are missing than the machine did not take. */
    public void assertNothingElseLost(List<NumberedFlow.Result> results) {
        final long notTaken = counted(tunnel) - before;
        final Supplier<String> seen = () -> results + "\ndrops left " + tunnel.left().nodeBean().get("Drops") + ", right "
            + tunnel.right().nodeBean().get("Drops") + ", not taken by nodes and kernel " + notTaken + ", " + tunnel.line();
        results.forEach(result -> assertTrue(result.atMostOnce(), seen));
        assertTrue(results.stream().mapToInt(NumberedFlow.Result::lost).sum() <= notTaken, seen);
    }

    private static long counted(LineTunnel tunnel) {
        return Stream.of(tunnel.left(), tunnel.right()).mapToLong(end -> end.notTaken()
            + KernelDrops.of(end.site().namespace()) + KernelDrops.ofDevices(end.site().namespace())).sum();
    }
}
