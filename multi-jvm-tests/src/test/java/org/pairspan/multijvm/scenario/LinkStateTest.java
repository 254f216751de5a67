package org.pairspan.multijvm.scenario;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pairspan.multijvm.harness.Installation;
import org.pairspan.multijvm.harness.LineTunnel;
import org.pairspan.multijvm.harness.NumberedFlow;
import org.pairspan.multijvm.harness.Scenario;

import java.time.Duration;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Each end knows in time that the other can't be reached any more, or can again, and why. */
@Scenario
@Timeout(180)
class LinkStateTest {

    private static final String QUICK = "heartbeat { interval = 200 ms, dead-after = 1 s }";
    /** The time that is promised, the half second between two refreshes of the bean, and what a busy machine takes. */
    private static final Duration DOWN_LIMIT = Duration.ofSeconds(4);
    private static final Duration UP_LIMIT = Duration.ofSeconds(10);

    private final Installation installation;

    LinkStateTest(Installation installation) {
        this.installation = installation;
    }

    @Test
    void aCutLineIsDownAtBothEndsAndUpAgainWhenItIsMended() throws Exception {
        try (LineTunnel tunnel = LineTunnel.start(installation, QUICK)) {
            talk(tunnel);
            tunnel.line().set("loss", "1");
            for (final LineTunnel.End end : new LineTunnel.End[] {tunnel.left(), tunnel.right()}) {
                final Map<String, Object> down = tunnel.awaitPeer(end, peer -> is("DOWN", peer), DOWN_LIMIT);
                assertFalse(((String) down.get("LinkReason")).isBlank(), down::toString);
            }
            tunnel.line().set("loss", "0");
            tunnel.awaitPeer(tunnel.left(), peer -> is("UP", peer), UP_LIMIT);
            tunnel.awaitPeer(tunnel.right(), peer -> is("UP", peer), UP_LIMIT);
        }
    }

    @Test
    void aLineThatIsCutOneWayIsNoticedAtBothEnds() throws Exception {
        Installation.needs("nft");
        try (LineTunnel tunnel = LineTunnel.start(installation, QUICK)) {
            talk(tunnel);
            installation.lab().loss(tunnel.right().site(), 1);
            try {
                tunnel.awaitPeer(tunnel.right(), peer -> is("DOWN", peer), DOWN_LIMIT);
                tunnel.awaitPeer(tunnel.left(), peer -> is("DOWN", peer), DOWN_LIMIT);
            } finally {
                installation.lab().loss(tunnel.right().site(), 0);
            }
            tunnel.awaitPeer(tunnel.left(), peer -> is("UP", peer), UP_LIMIT);
            tunnel.awaitPeer(tunnel.right(), peer -> is("UP", peer), UP_LIMIT);
        }
    }

    @Test
    void aNodeThatStopsSaysSoToItsPeer() throws Exception {
        try (LineTunnel tunnel = LineTunnel.start(installation, QUICK)) {
            talk(tunnel);
            tunnel.right().node().close();
            final Map<String, Object> peer = tunnel.awaitPeer(tunnel.left(),
                bean -> is("DOWN", bean) && ((Map<?, ?>) bean.get("AlertsReceived")).containsKey("close_notify"), DOWN_LIMIT);
            assertFalse(((String) peer.get("LinkReason")).isBlank(), peer::toString);
        }
    }

    @Test
    void aNodeThatDiesWithoutAWordIsDownInTimeToo() throws Exception {
        try (LineTunnel tunnel = LineTunnel.start(installation, QUICK)) {
            talk(tunnel);
            tunnel.right().node().kill();
            tunnel.awaitPeer(tunnel.left(), peer -> is("DOWN", peer), DOWN_LIMIT);
            tunnel.startAgain(tunnel.right());
            exchange(tunnel);
            tunnel.awaitPeer(tunnel.left(), peer -> is("UP", peer), UP_LIMIT);
        }
    }

    private static void talk(LineTunnel tunnel) throws Exception {
        exchange(tunnel);
        tunnel.awaitPeer(tunnel.left(), peer -> is("UP", peer), UP_LIMIT);
        tunnel.awaitPeer(tunnel.right(), peer -> is("UP", peer), UP_LIMIT);
    }

    private static void exchange(LineTunnel tunnel) throws Exception {
        try (NumberedFlow flow = tunnel.flow(tunnel.right(), 7300, 100, 100)) {
            assertTrue(flow.awaitArrivals(20, 30_000), () -> tunnel.left().node().tail(20) + tunnel.right().node().tail(20));
        }
    }

    private static boolean is(String state, Map<String, Object> peer) {
        return state.equalsIgnoreCase(String.valueOf(peer.get("Link")));
    }
}
