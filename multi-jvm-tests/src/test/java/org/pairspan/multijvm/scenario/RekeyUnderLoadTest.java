package org.pairspan.multijvm.scenario;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pairspan.multijvm.harness.Installation;
import org.pairspan.multijvm.harness.LineTunnel;
import org.pairspan.multijvm.harness.NumberedFlow;
import org.pairspan.multijvm.harness.Overload;
import org.pairspan.multijvm.harness.PacedStream;
import org.pairspan.multijvm.harness.Scenario;
import org.pairspan.protocol.crypto.Suite;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Keys are renewed every two seconds while TCP and numbered packets pass both ways in both classes.
 * {@code -Dpairspan.rekey-seconds=60} sets for how long (6 otherwise).
 */
@Scenario
@Isolated
@Timeout(600)
class RekeyUnderLoadTest {

    private static final int SECONDS = Integer.getInteger("pairspan.rekey-seconds", 6);
    private static final int AS_DATAGRAMS = 7200;
    private static final int RELIABLY = 7201;
    private static final int LENGTH = 1000;
    private static final int PER_SECOND = 500;
    private static final long STREAM_RATE = 4_000_000;
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String RENEWED_OFTEN = """
        rekey.after-time = 2 s
        policy.rules = [
          { name = sure, protocol = udp, remote-ports = [%1$d], class = reliable }
          { name = sure-back, protocol = udp, local-ports = [%1$d], class = reliable }
          { name = everything }
        ]
        """.formatted(RELIABLY);

    private final Installation installation;

    RekeyUnderLoadTest(Installation installation) {
        this.installation = installation;
    }

    /** Numbered packets both ways in both classes, and a TCP stream beside them. */
    private static final class Load implements AutoCloseable {
        private final List<NumberedFlow> flows = new ArrayList<>();
        private final PacedStream stream;
        private final Overload overload;

        Load(LineTunnel tunnel) {
            overload = Overload.of(tunnel);
            for (final LineTunnel.End from : List.of(tunnel.left(), tunnel.right())) {
                flows.add(tunnel.flow(from, AS_DATAGRAMS, LENGTH, PER_SECOND));
                flows.add(tunnel.flow(from, RELIABLY, LENGTH, PER_SECOND));
            }
            stream = PacedStream.start(tunnel.left().site().namespace(), tunnel.right().site().namespace(), tunnel.right().at(0), STREAM_RATE);
        }

        /** Until every flow has carried so many seconds' worth more. */
        void run(LineTunnel tunnel, int seconds) throws InterruptedException {
            for (final NumberedFlow flow : flows) {
                assertTrue(flow.awaitArrivals(seconds * PER_SECOND / flows.size(), LIMIT.toMillis() + 2000L * seconds),
                    () -> flow + " stands\n" + tunnel.left().node().tail(20) + tunnel.right().node().tail(20));
            }
        }

        void assertNothingLostOrDoubled(LineTunnel tunnel) throws InterruptedException {
            final List<NumberedFlow.Result> results = new ArrayList<>();
            for (final NumberedFlow flow : flows) {
                results.add(flow.stop(2000));
            }
            assertEquals(0, tunnel.line().spoiled(), tunnel.line()::toString);
            overload.assertNothingElseLost(results);
            System.out.println("RekeyUnderLoadTest: " + results);
            stream.check();
            assertTrue(stream.bytes() > 0, "no byte of the TCP stream arrived");
        }

        @Override
        public void close() throws IOException {
            for (final NumberedFlow flow : flows) {
                flow.close();
            }
            stream.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void noPacketIsLostOrDoubledWhileKeysAreRenewed(Suite suite) throws Exception {
        try (LineTunnel tunnel = LineTunnel.startForLoad(installation, RENEWED_OFTEN + "suites = [" + suite.wireName() + "]")) {
            try (Load load = new Load(tunnel)) {
                load.run(tunnel, 1);
                final Map<String, Object> before = tunnel.awaitPeer(tunnel.left(), RekeyUnderLoadTest::hasExchanged, LIMIT);
                load.run(tunnel, SECONDS);
                final Map<String, Object> after = tunnel.peerOf(tunnel.left());
                final int renewed = (Integer) after.get("Epoch") - (Integer) before.get("Epoch");
                assertEquals(before.get("Generation"), after.get("Generation"), "renewed by exchanges alone");
                System.out.println("RekeyUnderLoadTest: " + suite.wireName() + ", " + renewed + " renewals in " + SECONDS + " s");
                load.assertNothingLostOrDoubled(tunnel);
                assertTrue(renewed >= SECONDS / 3, renewed + " renewals in " + SECONDS + " s");
            }
            assertEquals(suite.wireName(), tunnel.peerOf(tunnel.left()).get("Suite"));
        }
    }

    @Test
    void keysAreRenewedWithoutAnyKeyServerAndAPeerThatRestartsAfterwardsCostsNothingOnceItIsBack() throws Exception {
        try (LineTunnel tunnel = LineTunnel.startForLoad(installation, RENEWED_OFTEN)) {
            renewWithoutAnyKeyServer(tunnel);
            renewAfterARestart(tunnel);
        }
    }

    private void renewWithoutAnyKeyServer(LineTunnel tunnel) throws Exception {
        try (Load load = new Load(tunnel)) {
            load.run(tunnel, 1);
            final Map<String, Object> before = tunnel.awaitPeer(tunnel.left(), RekeyUnderLoadTest::hasExchanged, LIMIT);
            for (int number = 1; number <= 3; number++) {
                installation.killKeyServer(number);
            }
            try {
                load.run(tunnel, SECONDS);
                final Map<String, Object> after = tunnel.peerOf(tunnel.left());
                assertEquals(before.get("Generation"), after.get("Generation"));
                assertTrue((Integer) after.get("Epoch") > (Integer) before.get("Epoch"), "no renewal without a key server");
            } finally {
                installation.restartKeyServers();
            }
            load.run(tunnel, 1);
            load.assertNothingLostOrDoubled(tunnel);
        }
    }

    private static void renewAfterARestart(LineTunnel tunnel) throws Exception {
        try (Load load = new Load(tunnel)) {
            load.run(tunnel, 3);
            tunnel.right().node().kill();
            tunnel.startAgain(tunnel.right());
            load.run(tunnel, 1);
        }
        tunnel.awaitPeer(tunnel.left(), RekeyUnderLoadTest::hasExchanged, LIMIT);
        try (Load load = new Load(tunnel)) {
            load.run(tunnel, SECONDS);
            load.assertNothingLostOrDoubled(tunnel);
        }
    }

    private static boolean hasExchanged(Map<String, Object> peer) {
        return (Integer) peer.get("Epoch") > 0;
    }
}
