package org.pairspan.protocol.reliable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pairspan.protocol.reliable.Simulation.MS;
import static org.pairspan.protocol.reliable.Simulation.SECOND;

import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pairspan.protocol.flow.CongestionControl;
import org.pairspan.protocol.flow.Cubic;

/** What the reliable class carries over lines of all kinds, in simulated time. */
class ThroughputTest {
    private static final double BITS_PER_PIECE = SimulatedFlow.PIECE * 8;

    private Simulation simulation;
    private SimulatedLink there;
    private SimulatedLink back;

    @ParameterizedTest(name = "{0} Mbit/s, {1} ms, loss {2} %, buffer {3} KiB: at least {4} %")
    @CsvSource({
        "1000, 0.5, 0, 512, 90",
        "1000, 0.5, 1, 512, 85",
        "1000, 0.5, 5, 512, 80",
        "1000, 0.1, 1, 512, 85",
        "1000, 2, 1, 512, 85",
        "3000, 0.2, 1, 1024, 85",
        "100, 1, 0, 128, 90",
        "100, 20, 1, 256, 75",
        "100, 20, 5, 256, 70",
        "100, 50, 0, 256, 75",
        "100, 50, 1, 256, 70",
        "100, 50, 5, 256, 60",
        "100, 150, 1, 512, 35",
        "10, 30, 1, 64, 80"})
    void aLineThatLosesByItselfStillCarriesMostOfWhatItCan(double megabits, double rttMs, double lossPercent, int buffer, int percent) {
        line(megabits, rttMs, lossPercent, buffer);
        SimulatedFlow flow = flow("flow", Cubic::new);
        flow.start();
        int seconds = megabits > 100 ? 2 : 5;
        simulation.run(seconds * SECOND);
        double share = 100 * flow.delivered * BITS_PER_PIECE / (seconds * megabits * 1e6);
        assertTrue(share >= percent, () -> "carried " + share + " %");
        SenderCounters counters = flow.sender.counters();
        assertEquals(0, flow.receiver.duplicates(), "nothing was resent that was not lost");
        assertEquals(counters.lost(), counters.resent() - 2 * counters.probes(), 50, "each loss is resent once");
    }

    @ParameterizedTest(name = "loss {0} %: at least {1} Mbit/s")
    @CsvSource({"0, 750", "1, 650", "5, 350"})
    void hostsThatAreBusyCostLittle(double lossPercent, int megabits) {
        line(1000, 0.5, lossPercent, 512);
        SimulatedFlow flow = flow("flow", Cubic::new);
        flow.atSender = new SimulatedHost(5, 3 * MS);
        flow.atReceiver = new SimulatedHost(6, 3 * MS);
        flow.start();
        simulation.run(2 * SECOND);
        double carried = flow.delivered * BITS_PER_PIECE / 2e6;
        assertTrue(carried >= megabits, () -> "carried " + carried + " Mbit/s");
        assertTrue(flow.receiver.duplicates() * 100 < flow.delivered, "few pieces were resent in vain");
    }

    @ParameterizedTest(name = "{0} Mbit/s, {1} ms, buffer {2} KiB, the stranger first: {3}")
    @CsvSource({
        "100, 1, 128, false", "100, 1, 128, true", "100, 10, 128, false", "100, 20, 256, false", "100, 20, 256, true",
        "100, 20, 64, true", "100, 50, 256, false", "100, 50, 256, true", "10, 30, 64, false", "10, 30, 64, true"})
    void aBottleneckIsSharedWithAStranger(double megabits, double rttMs, int buffer, boolean strangerFirst) {
        line(megabits, rttMs, 0, buffer);
        SimulatedFlow ours = flow("ours", Cubic::new);
        SimulatedFlow stranger = flow("stranger", Reno::new);
        (strangerFirst ? stranger : ours).start();
        simulation.run(3 * SECOND);
        (strangerFirst ? ours : stranger).start();
        simulation.run(7 * SECOND);
        long oursBefore = ours.delivered;
        long strangerBefore = stranger.delivered;
        simulation.run(20 * SECOND);
        double oursCarried = (ours.delivered - oursBefore) * BITS_PER_PIECE / 20e6;
        double strangerCarried = (stranger.delivered - strangerBefore) * BITS_PER_PIECE / 20e6;
        double share = 100 * oursCarried / (oursCarried + strangerCarried);
        assertTrue(share > 20 && share < 80, () -> "our share is " + share + " %");
        assertTrue(oursCarried + strangerCarried > 0.8 * megabits, () -> "both carry " + (oursCarried + strangerCarried));
    }

    @Test
    void lookingForThePathDoesNotWaitUntilAllThatWasLostIsRepaired() {
        line(100, 100, 1, 2048);
        SimulatedFlow flow = flow("flow", Cubic::new);
        flow.start();
        simulation.run(10 * SECOND);
        there.cut(true);
        simulation.run(60 * MS);
        there.cut(false);
        simulation.run(2 * SECOND);
        assertTrue(flow.congestion.window() > 100, () -> flow.congestion.window() + " pieces");
    }

    @Test
    void twoFlowsOfOurOwnDoNotFloodTheirBottleneck() {
        line(100, 1, 0, 128);
        SimulatedFlow one = flow("one", Cubic::new);
        SimulatedFlow two = flow("two", Cubic::new);
        one.start();
        simulation.run(3 * SECOND);
        two.start();
        simulation.run(12 * SECOND);
        long sentBefore = one.sender.counters().sent() + two.sender.counters().sent();
        long lostBefore = one.sender.counters().lost() + two.sender.counters().lost();
        simulation.run(15 * SECOND);
        long sent = one.sender.counters().sent() + two.sender.counters().sent() - sentBefore;
        long lost = one.sender.counters().lost() + two.sender.counters().lost() - lostBefore;
        assertTrue(lost * 100 < sent, () -> lost + " lost of " + sent);
        assertTrue(one.delivered * 2 > two.delivered && two.delivered * 2 > one.delivered, () -> one.delivered + " and " + two.delivered);
    }

    @ParameterizedTest(name = "{0} ms")
    @CsvSource({"1", "5", "20", "150"})
    void aLonePieceOnAQuietLineIsSentOnce(double rttMs) {
        line(100, rttMs, 0, 256);
        SimulatedFlow flow = flow("flow", Cubic::new);
        flow.limit = 0;
        flow.start();
        for (int i = 0; i < 100; i++) {
            flow.limit++;
            flow.turnSender();
            simulation.run(300 * MS);
        }
        assertEquals(100, flow.delivered, 1);
        assertEquals(0, flow.sender.counters().probes());
    }

    @Test
    void aBufferTooShortToShowAsDelayIsNotFlooded() {
        line(100, 1, 0, 32);
        SimulatedFlow flow = flow("flow", Cubic::new);
        flow.start();
        simulation.run(10 * SECOND);
        SenderCounters counters = flow.sender.counters();
        assertTrue(counters.lost() < counters.sent() / 8, () -> counters.lost() + " lost of " + counters.sent());
        assertTrue(flow.delivered * BITS_PER_PIECE > 85e6 * 10, "it carries what it can");
    }

    @ParameterizedTest(name = "{0} Mbit/s, {1} ms that become {2} ms, loss {3} %, buffer {4} KiB: at least {5} % after eight seconds")
    @CsvSource({
        "100, 0.5, 20, 1, 256, 75", "100, 0.5, 20, 5, 256, 70", "100, 20, 50, 1, 256, 70", "100, 0.5, 150, 1, 512, 60",
        "100, 20, 26, 1, 256, 75", "1000, 0.5, 20, 1, 1024, 65"})
    void aPathThatBecomesLongerCarriesItsShareAgain(
            double megabits, double rttMs, double longerMs, double lossPercent, int buffer, int percent) {
        line(megabits, rttMs, lossPercent, buffer);
        SimulatedFlow flow = flow("flow", Cubic::new);
        flow.start();
        simulation.run(2 * SECOND);
        there.delay((long) (longerMs / 2 * MS));
        back.delay((long) (longerMs / 2 * MS));
        simulation.run(8 * SECOND);
        long before = flow.delivered;
        simulation.run(4 * SECOND);
        double share = 100 * (flow.delivered - before) * BITS_PER_PIECE / (4 * megabits * 1e6);
        assertTrue(share >= percent, () -> "carries " + share + " %");
    }

    @ParameterizedTest(name = "{0} Mbit/s, {1} ms, buffer {2} KiB")
    @CsvSource({"100, 20, 2048", "100, 1, 512", "10, 30, 512"})
    void lookingForThePathBehindAQueueThatStandsCostsLittle(double megabits, double rttMs, int buffer) {
        line(megabits, rttMs, 0, buffer);
        SimulatedFlow flow = flow("flow", Cubic::new);
        flow.start();
        simulation.run(30 * SECOND);
        double share = 100 * flow.delivered * BITS_PER_PIECE / (30 * megabits * 1e6);
        assertTrue(share >= 90, () -> "carried " + share + " %");
    }

    @Test
    void plainRenoWouldCarryAFractionOfIt() {
        line(100, 50, 1, 256);
        SimulatedFlow flow = flow("reno", Reno::new);
        flow.start();
        simulation.run(10 * SECOND);
        assertTrue(flow.delivered * BITS_PER_PIECE < 10e6 * 10, "else the line above proves nothing");
    }

    private void line(double megabits, double rttMs, double lossPercent, int bufferKib) {
        simulation = new Simulation(-5 * SECOND);
        there = link(1, megabits, rttMs, lossPercent, bufferKib);
        back = link(2, megabits, rttMs, lossPercent, bufferKib);
    }

    private SimulatedLink link(long seed, double megabits, double rttMs, double lossPercent, int bufferKib) {
        return new SimulatedLink(simulation, seed, megabits * 1e6, (long) (rttMs / 2 * MS), bufferKib << 10).losing(lossPercent / 100);
    }

    private SimulatedFlow flow(String name, IntFunction<CongestionControl> control) {
        SimulatedFlow flow = new SimulatedFlow(name, simulation, there, back, control);
        flow.checking = false;
        return flow;
    }
}
