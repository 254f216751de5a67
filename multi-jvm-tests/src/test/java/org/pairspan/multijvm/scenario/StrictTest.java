package org.pairspan.multijvm.scenario;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pairspan.multijvm.harness.Installation;
import org.pairspan.multijvm.harness.LineTunnel;
import org.pairspan.multijvm.harness.NumberedFlow;
import org.pairspan.multijvm.harness.Overload;
import org.pairspan.multijvm.harness.Scenario;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A strict node lets no payload pass before an exchange of the two nodes has given the keys. */
@Scenario
@Timeout(120)
class StrictTest {

    private static final int PORT = 7800;
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String STRICT = "peer-defaults { strict = true, key-exchange = %s }";
    private static final String DROPPED = "EXCHANGE_OUTSTANDING";

    private final Installation installation;

    StrictTest(Installation installation) {
        this.installation = installation;
    }

    @Test
    void payloadWaitsForTheExchangeAndIsNotLostByIt() throws Exception {
        try (LineTunnel tunnel = LineTunnel.start(installation, STRICT.formatted("X25519MLKEM768"))) {
            assertPasses(tunnel);
            assertEquals(0, tunnel.right().drops(DROPPED), "the left end sent payload under the first keys");
            assertTrue((Integer) tunnel.peerOf(tunnel.right()).get("Epoch") > 0);
        }
    }

    private static void assertPasses(LineTunnel tunnel) throws Exception {
        final Overload overload = Overload.of(tunnel);
        try (NumberedFlow flow = tunnel.flow(tunnel.left(), PORT, 200, 500)) {
            assertTrue(flow.awaitArrivals(300, LIMIT.toMillis()), () -> tunnel.left().node().tail(20) + tunnel.right().node().tail(20));
            overload.assertNothingElseLost(List.of(flow.stop(1000)));
        }
    }

    @Test
    void whatALenientPeerSendsBeforeIsDroppedAndCounted() throws Exception {
        try (LineTunnel tunnel = LineTunnel.start(installation, "peer-defaults.key-exchange = X25519", STRICT.formatted("X25519"));
            NumberedFlow flow = tunnel.flow(tunnel.left(), PORT, 200, 500)) {
            assertTrue(flow.awaitArrivals(300, LIMIT.toMillis()), () -> tunnel.left().node().tail(20) + tunnel.right().node().tail(20));
            final NumberedFlow.Result result = flow.stop(1000);
            assertTrue(result.atMostOnce(), result::toString);
            final long dropped = tunnel.right().drops(DROPPED);
            assertTrue(dropped > 0, "the lenient end is expected to send its first packets at once");
            assertTrue(result.lost() >= dropped, () -> "a datagram carries one packet or more: " + dropped + " dropped, " + result);
        }
    }

    @Test
    void nothingPassesWhereTheEndsCannotAgreeAndBothAreTold() throws Exception {
        try (LineTunnel tunnel = LineTunnel.start(installation, STRICT.formatted("X25519"), STRICT.formatted("X25519MLKEM768"));
            NumberedFlow flow = tunnel.flow(tunnel.left(), PORT, 200, 100)) {
            tunnel.awaitPeer(tunnel.left(), StrictTest::failureIsKnown, LIMIT);
            tunnel.awaitPeer(tunnel.right(), StrictTest::failureIsKnown, LIMIT);
            assertFalse(flow.awaitArrivals(1, 1000), "payload passed without an exchange");
        }
    }

    private static boolean failureIsKnown(Map<String, Object> peer) {
        return ((Map<?, ?>) peer.get("AlertsReceived")).containsKey("handshake_failure")
            || ((Map<?, ?>) peer.get("AlertsSent")).containsKey("handshake_failure");
    }
}
