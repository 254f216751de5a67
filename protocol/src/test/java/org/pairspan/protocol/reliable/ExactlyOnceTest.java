package org.pairspan.protocol.reliable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pairspan.protocol.reliable.Simulation.MS;
import static org.pairspan.protocol.reliable.Simulation.SECOND;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.flow.Cubic;

/** Whatever a line does, all that was sent is delivered, in order and once. {@link SimulatedFlow} checks each delivery. */
class ExactlyOnceTest {
    private static final int PIECES = 2_000;

    @Test
    void overLinesOfAnyQuality() {
        for (long seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            SimulatedFlow flow = flow(seed, random);
            flow.limit = PIECES;
            flow.start();
            runUntilDelivered(flow, PIECES, "seed " + seed);
            assertTrue(flow.sender.memory() <= (long) SimulatedFlow.WINDOW * 1408, "memory of the sender");
            assertTrue(flow.receiver.memory() <= (long) SimulatedFlow.WINDOW * 1408, "memory of the receiver");
            assertEquals(0, flow.sender.counters().refused(), "seed " + seed + ": an honest acknowledgement was refused");
        }
    }

    @Test
    void alsoWhenTheStreamBelowGoesAndComesBack() {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            Simulation simulation = new Simulation(random.nextLong());
            SimulatedLink there = link(simulation, random);
            SimulatedLink back = link(simulation, random);
            SimulatedFlow flow = new SimulatedFlow("seed " + seed, simulation, there, back, Cubic::new);
            flow.limit = PIECES;
            flow.start();
            for (int outage = 0; outage < 5; outage++) {
                simulation.run(random.nextLong(200 * MS));
                there.cut(true);
                back.cut(random.nextBoolean());
                flow.refusing = random.nextBoolean();
                simulation.run(random.nextLong(SECOND));
                there.cut(false);
                back.cut(false);
                flow.refusing = false;
            }
            runUntilDelivered(flow, PIECES, "seed " + seed);
        }
    }

    @Test
    void alsoWhenTheReceiverIsNotAlwaysReady() {
        for (long seed = 0; seed < 10; seed++) {
            Random random = new Random(seed);
            SimulatedFlow flow = flow(seed, random);
            flow.limit = 3L * SimulatedFlow.WINDOW;
            flow.start();
            for (int pause = 0; pause < 5; pause++) {
                flow.simulation.run(random.nextLong(100 * MS));
                flow.ready = false;
                flow.simulation.run(random.nextLong(5 * SECOND));
                long delivered = flow.delivered;
                flow.simulation.run(SECOND);
                assertEquals(delivered, flow.delivered, "seed " + seed + ": delivered to one that is not ready");
                flow.ready = true;
                flow.receiver.onReady(flow.delivery);
                flow.turnReceiver();
            }
            runUntilDelivered(flow, flow.limit, "seed " + seed);
        }
    }

    @Test
    void aReceiverThatIsNotReadyStopsTheSenderAtItsWindow() {
        Simulation simulation = new Simulation(0);
        SimulatedFlow flow = new SimulatedFlow("window", simulation, new SimulatedLink(simulation, 1, 1e9, MS, 1 << 20),
            new SimulatedLink(simulation, 2, 1e9, MS, 1 << 20), Cubic::new);
        flow.ready = false;
        flow.start();
        simulation.run(10 * SECOND);
        assertEquals(SimulatedFlow.WINDOW, flow.accepted);
        assertEquals(0, flow.delivered);
        assertEquals(1, flow.sender.counters().windowLimited());
        flow.ready = true;
        flow.receiver.onReady(flow.delivery);
        flow.turnReceiver();
        simulation.run(10 * MS);
        assertTrue(flow.delivered > SimulatedFlow.WINDOW, "goes on within a round trip or two");
    }

    @Test
    void aReceiverThatStartsAnewMissesNothing() {
        for (long seed = 0; seed < 25; seed++) {
            Random random = new Random(seed);
            SimulatedFlow flow = flow(seed, random);
            flow.limit = PIECES;
            flow.start();
            for (int restart = 0; restart < 4; restart++) {
                flow.simulation.run(random.nextLong(300 * MS));
                flow.restartReceiverNode(random.nextLong());
                flow.simulation.run(random.nextLong(10 * SECOND));
            }
            runUntilDelivered(flow, PIECES, "seed " + seed);
        }
    }

    @Test
    void aSenderThatStartsAnewIsUnderstoodAtOnce() {
        for (long seed = 0; seed < 25; seed++) {
            Random random = new Random(seed);
            SimulatedFlow flow = flow(seed, random);
            flow.start();
            for (int restart = 0; restart < 4; restart++) {
                flow.limit = flow.accepted + random.nextInt(500);
                flow.simulation.run(random.nextLong(2 * SECOND));
                flow.restartSenderNode();
                flow.limit = flow.accepted + 100;
                runUntilDelivered(flow, flow.limit, "seed " + seed + " restart " + restart);
            }
        }
    }

    @Test
    void incarnationsWrapLikeAnyNumber() {
        Simulation simulation = new Simulation(7);
        SimulatedFlow flow = new SimulatedFlow("wrap", simulation, new SimulatedLink(simulation, 1, 1e9, MS, 1 << 20).losing(0.02),
            new SimulatedLink(simulation, 2, 1e9, MS, 1 << 20).losing(0.02), Cubic::new);
        flow.limit = 0;
        flow.start();
        for (int restart = 0; restart < 600; restart++) {
            flow.limit = flow.accepted + 5;
            if (restart % 2 == 0) {
                flow.restartReceiverNode(restart);
            } else {
                flow.restartSenderNode();
            }
            flow.turnSender();
            runUntilDelivered(flow, flow.limit, "restart " + restart);
        }
    }

    @Test
    void aClockThatJumpsHoldsNothingUp() {
        for (long seed = 0; seed < 15; seed++) {
            Random random = new Random(seed);
            SimulatedFlow flow = flow(seed, random);
            flow.limit = PIECES;
            flow.start();
            for (int jump = 0; jump < 6; jump++) {
                flow.simulation.run(random.nextLong(100 * MS));
                flow.clockOffsetNs += random.nextLong(-3_600 * SECOND, 3_600 * SECOND);
                flow.turnSender();
                flow.turnReceiver();
            }
            runUntilDelivered(flow, PIECES, "seed " + seed);
        }
    }

    private static void runUntilDelivered(SimulatedFlow flow, long pieces, String which) {
        for (int second = 0; second < 120 && flow.delivered < pieces; second++) {
            flow.simulation.run(SECOND);
        }
        assertEquals(pieces, flow.delivered, which + ": delivered");
        flow.simulation.run(5 * SECOND);
        assertEquals(pieces, flow.delivered, which + ": delivered after all");
        assertEquals(0, flow.sender.unconfirmed(), which + ": unconfirmed");
    }

    private static SimulatedFlow flow(long seed, Random random) {
        Simulation simulation = new Simulation(random.nextLong());
        return new SimulatedFlow("seed " + seed, simulation, link(simulation, random), link(simulation, random), Cubic::new);
    }

    private static SimulatedLink link(Simulation simulation, Random random) {
        double bitsPerSecond = Math.pow(10, random.nextDouble(6.5, 9.5));
        long delayNs = (long) Math.pow(10, random.nextDouble(4.5, 8));
        SimulatedLink link = new SimulatedLink(simulation, random.nextLong(), bitsPerSecond, delayNs, random.nextInt(1 << 14, 1 << 20));
        link.losing(random.nextBoolean() ? 0 : random.nextDouble(0.2));
        link.duplicating(random.nextBoolean() ? 0 : random.nextDouble(0.1));
        return link.reordering(random.nextBoolean() ? 0 : random.nextLong(1, 10 * MS));
    }
}
