package org.pairspan.multijvm.scenario;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pairspan.cli.lab.Command;
import org.pairspan.cli.lab.LabException;
import org.pairspan.cli.lab.ManagementClient;
import org.pairspan.multijvm.harness.AuditTrail;
import org.pairspan.multijvm.harness.Installation;
import org.pairspan.multijvm.harness.LineTunnel;
import org.pairspan.multijvm.harness.NumberedFlow;
import org.pairspan.multijvm.harness.Overload;
import org.pairspan.multijvm.harness.Scenario;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The update of a pair's key is interrupted at each step, by the loss of each party: both members end on one version, and traffic loses
 * nothing because of it. A few cells; {@code -Dpairspan.matrix=whole} for all of them, {@code -Dpairspan.matrix=ACTIVATED:LEFT,RETIRING} for these.
 */
@Scenario
@Timeout(1800)
class KeyUpdateMatrixTest {

    /** What is played without further words, in about a minute. */
    private static final String FEW = "PREPARED:NOTHING,PREPARED:LINK_OF_LEFT,ACTIVATED:RIGHT,RETIRING:KEY_SERVER";
    private static final int FIRST_PORT = 7300;
    private static final int LENGTH = 600;
    private static final int PER_SECOND = 200;
    /** Packets that tell that traffic flows. */
    private static final int SOME = 20;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long POLL_NS = 50_000_000;

    /** How far the update is when something gets lost. */
    private enum Step {
        PREPARED, ACTIVATED, RETIRING
    }

    /** What gets lost. */
    private enum Lost {
        NOTHING, KEY_SERVER, LEFT, RIGHT, LINK_OF_LEFT, LINK_OF_RIGHT
    }

    private record Cell(Step step, Lost lost) {
        boolean isIn(String names) {
            return names.equals("whole") || List.of(names.split(",")).stream().anyMatch(name -> name.equals(step.name()) || name.equals(toString()));
        }

        @Override
        public String toString() {
            return step + ":" + lost;
        }
    }

    private final Installation installation;
    private int nextPort = FIRST_PORT;

    KeyUpdateMatrixTest(Installation installation) {
        this.installation = installation;
    }

    @Test
    void bothMembersEndOnOneVersionWhereverTheUpdateIsInterrupted() throws Exception {
        try (LineTunnel tunnel = LineTunnel.start(installation, "")) {
            for (final Cell cell : cells()) {
                final long start = System.nanoTime();
                final String seen;
                try {
                    seen = play(tunnel, cell);
                } catch (AssertionError | LabException e) {
                    throw new AssertionError(cell + ": " + e.getMessage(), e);
                }
                System.out.printf("KeyUpdateMatrixTest: %s lost: %s, %.1f s%n", cell, seen, (System.nanoTime() - start) / 1e9);
            }
        }
    }

    private static List<Cell> cells() {
        final String names = System.getProperty("pairspan.matrix", FEW);
        final List<Cell> cells = Stream.of(Step.values()).flatMap(step -> Stream.of(Lost.values()).map(lost -> new Cell(step, lost)))
            .filter(cell -> cell.isIn(names)).toList();
        assertFalse(cells.isEmpty(), () -> "no such cell: " + names);
        return cells;
    }

    private String play(LineTunnel tunnel, Cell cell) throws Exception {
        final boolean memberDies = cell.lost == Lost.LEFT || cell.lost == Lost.RIGHT;
        Flows flows = new Flows(tunnel);
        try {
            flows.await(PER_SECOND);
            final int before = version(tunnel, tunnel.left());
            final AuditTrail trail = AuditTrail.from(installation);
            final LineTunnel.End held = cell.lost == Lost.RIGHT || cell.lost == Lost.LINK_OF_RIGHT ? tunnel.left() : tunnel.right();
            final int owner = reach(tunnel, cell, trail, held, before);
            if (memberDies) {
                flows.close();
            }
            lose(tunnel, cell.lost, owner, flows);
            connect(held, true);
            if (memberDies) {
                // Who starts again has lost its associations; what the other sends under them, until it is told, is lost by that and not by the update.
                try (Flows untilBothHaveKeys = new Flows(tunnel)) {
                    untilBothHaveKeys.await(SOME);
                }
                flows = new Flows(tunnel);
            }
            final int after = awaitOneVersion(tunnel, before);
            trail.await("key-retired", tunnel.left().site().memberId(), LIMIT);
            trail.await("key-retired", tunnel.right().site().memberId(), LIMIT);
            awaitEnd(cell.lost == Lost.KEY_SERVER && owner == 1 ? 2 : 1);
            if (cell.lost == Lost.KEY_SERVER) {
                installation.startKeyServerAgain(owner);
            }
            flows.await(PER_SECOND);
            final String result = flows.assertNothingLost();
            if (cell.lost == Lost.KEY_SERVER) {
                installation.awaitKeyServer(owner);
            }
            return "version " + before + " to " + after + ", " + result;
        } finally {
            flows.close();
            connect(tunnel.left(), true);
            connect(tunnel.right(), true);
        }
    }

    /** Has the update go as far as the cell wants it; says which key server leads it. */
    private int reach(LineTunnel tunnel, Cell cell, AuditTrail trail, LineTunnel.End held, int before) {
        final String left = tunnel.left().site().memberId();
        if (cell.step == Step.PREPARED) {
            connect(held, false);
        }
        installation.managementOfKeyServer(1).invoke("type=KeyUpdates,*", "rotatePair", "test", left, tunnel.right().site().memberId());
        final int owner = trail.await("key-prepared", left, LIMIT);
        if (cell.step != Step.PREPARED) {
            trail.await("key-activated", left, LIMIT);
            // Both, or the one that is cut off next may not have acknowledged yet, and the update waits for that first.
            tunnel.awaitPeer(tunnel.left(), peer -> (Integer) peer.get("KeyVersion") > before, LIMIT);
            if (cell.step == Step.RETIRING) {
                tunnel.awaitPeer(tunnel.right(), peer -> (Integer) peer.get("KeyVersion") > before, LIMIT);
            }
        }
        if (cell.step == Step.RETIRING) {
            connect(held, false);
            trail.await("key-retired", left, LIMIT);
        }
        return owner;
    }

    private void lose(LineTunnel tunnel, Lost lost, int owner, Flows flows) throws Exception {
        switch (lost) {
            case NOTHING -> { }
            case KEY_SERVER -> installation.killKeyServer(owner);
            case LEFT -> restart(tunnel, tunnel.left());
            case RIGHT -> restart(tunnel, tunnel.right());
            case LINK_OF_LEFT -> cut(tunnel.left(), flows);
            case LINK_OF_RIGHT -> cut(tunnel.right(), flows);
        }
    }

    private static void restart(LineTunnel tunnel, LineTunnel.End end) throws IOException {
        end.node().kill();
        tunnel.startAgain(end);
    }

    /** For two seconds' worth of traffic: twice as long as a step may take. */
    private void cut(LineTunnel.End end, Flows flows) throws InterruptedException {
        connect(end, false);
        flows.await(2 * PER_SECOND);
        connect(end, true);
    }

    /** Lets what an end says reach the key servers, or not. */
    private void connect(LineTunnel.End end, boolean connected) {
        for (final String address : installation.deployment().keyServerAddresses()) {
            // Taking away what is not there fails, and is well.
            Command.run(List.of("ip", "-n", end.site().namespace().name(), "route", connected ? "del" : "add", "blackhole", address + "/32"));
        }
    }

    private int awaitOneVersion(LineTunnel tunnel, int before) {
        final long start = System.nanoTime();
        while (true) {
            final int left = version(tunnel, tunnel.left());
            final int right = version(tunnel, tunnel.right());
            if (left == right && left > before) {
                return left;
            }
            if (System.nanoTime() - start > LIMIT.toNanos()) {
                throw new LabException("versions " + left + " and " + right + " after " + before + "\n" + tunnel.left().node().tail(20)
                    + tunnel.right().node().tail(20));
            }
            LockSupport.parkNanos(POLL_NS);
        }
    }

    /** Until no update is under way, as one key server says. */
    private void awaitEnd(int server) {
        final ManagementClient management = installation.managementOfKeyServer(server);
        final long start = System.nanoTime();
        while (true) {
            final String[] updates = (String[]) management.read("type=KeyUpdates,*").values().iterator().next().get("Updates");
            // Null where the list has not answered, having moved to another server.
            if (updates != null && Stream.of(updates).noneMatch(line -> line.contains(" running: "))) {
                return;
            }
            if (System.nanoTime() - start > LIMIT.toNanos()) {
                throw new LabException("an update does not end: " + Arrays.toString(updates));
            }
            LockSupport.parkNanos(POLL_NS);
        }
    }

    private static int version(LineTunnel tunnel, LineTunnel.End end) {
        final Map<String, Object> peer = tunnel.awaitPeer(end, bean -> (Integer) bean.get("KeyVersion") > 0, LIMIT);
        return (Integer) peer.get("KeyVersion");
    }

    /** Numbered packets both ways. */
    private final class Flows implements AutoCloseable {
        private final LineTunnel tunnel;
        private final List<NumberedFlow> flows = new ArrayList<>();
        private final Overload overload;

        Flows(LineTunnel tunnel) {
            this.tunnel = tunnel;
            overload = Overload.of(tunnel);
            for (final LineTunnel.End from : List.of(tunnel.left(), tunnel.right())) {
                flows.add(tunnel.flow(from, nextPort++, LENGTH, PER_SECOND));
            }
        }

        /** Until so many more packets have arrived both ways. */
        void await(int packets) throws InterruptedException {
            final int[] wanted = flows.stream().mapToInt(flow -> flow.arrived() + packets).toArray();
            for (int i = 0; i < wanted.length; i++) {
                assertTrue(flows.get(i).awaitArrived(wanted[i], LIMIT.toMillis()),
                    () -> "a flow stands\n" + tunnel.left().node().tail(20) + tunnel.right().node().tail(20));
            }
        }

        String assertNothingLost() throws InterruptedException {
            final List<NumberedFlow.Result> results = new ArrayList<>();
            for (final NumberedFlow flow : flows) {
                results.add(flow.stop(2000));
            }
            overload.assertNothingElseLost(results);
            return results.stream().mapToInt(NumberedFlow.Result::arrived).sum() + " packets, none lost";
        }

        @Override
        public void close() throws IOException {
            for (final NumberedFlow flow : flows) {
                flow.close();
            }
        }
    }
}
