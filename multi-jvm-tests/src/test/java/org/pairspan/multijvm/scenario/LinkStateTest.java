package org.pairspan.multijvm.scenario;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
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
@Isolated
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LinkStateTest {

    private static final String QUICK = "heartbeat { interval = 200 ms, dead-after = 1 s }";
    /** The time that is promised, the half second between two refreshes of the bean, and what a busy machine takes. */
    private static final Duration DOWN_LIMIT = Duration.ofSeconds(4);
    private static final Duration UP_LIMIT = Duration.ofSeconds(10);

    private final Installation installation;
    private LineTunnel tunnel;

    LinkStateTest(Installation installation) {
        this.installation = installation;
    }

    @BeforeAll
    void startsTheTunnel() throws Exception {
        tunnel = LineTunnel.start(installation, QUICK);
    }

    @AfterAll
    void endsTheTunnel() {
        if (tunnel != null) {
            tunnel.close();
        }
    }

    /** On a line that changes nothing, both ends know that they reach each other. */
    @BeforeEach
    void bothEndsTalk() throws Exception {
        tunnel.line().restore();
        if (!tunnel.right().node().alive()) {
            tunnel.startAgain(tunnel.right());
        }
        exchange();
        tunnel.awaitPeer(tunnel.left(), peer -> is("UP", peer), UP_LIMIT);
        tunnel.awaitPeer(tunnel.right(), peer -> is("UP", peer), UP_LIMIT);
    }

    @Test
    void aCutLineIsDownAtBothEndsAndUpAgainWhenItIsMended() throws Exception {
        tunnel.line().set("loss", "1");
        for (final LineTunnel.End end : new LineTunnel.End[] {tunnel.left(), tunnel.right()}) {
            final Map<String, Object> down = tunnel.awaitPeer(end, peer -> is("DOWN", peer), DOWN_LIMIT);
            assertFalse(((String) down.get("LinkReason")).isBlank(), down::toString);
        }
        tunnel.line().set("loss", "0");
        tunnel.awaitPeer(tunnel.left(), peer -> is("UP", peer), UP_LIMIT);
        tunnel.awaitPeer(tunnel.right(), peer -> is("UP", peer), UP_LIMIT);
    }

    @Test
    void aLineThatIsCutOneWayIsNoticedAtBothEnds() throws Exception {
        Installation.needs("nft");
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

    @Test
    void aNodeThatStopsSaysSoToItsPeer() throws Exception {
        tunnel.right().node().close();
        final Map<String, Object> peer = tunnel.awaitPeer(tunnel.left(),
            bean -> is("DOWN", bean) && ((Map<?, ?>) bean.get("AlertsReceived")).containsKey("close_notify"), DOWN_LIMIT);
        assertFalse(((String) peer.get("LinkReason")).isBlank(), peer::toString);
    }

    @Test
    void aNodeThatDiesWithoutAWordIsDownInTimeToo() throws Exception {
        tunnel.right().node().kill();
        tunnel.awaitPeer(tunnel.left(), peer -> is("DOWN", peer), DOWN_LIMIT);
        tunnel.startAgain(tunnel.right());
        exchange();
        tunnel.awaitPeer(tunnel.left(), peer -> is("UP", peer), UP_LIMIT);
    }

    private void exchange() throws Exception {
        try (NumberedFlow flow = tunnel.flow(tunnel.right(), 7300, 100, 100)) {
            assertTrue(flow.awaitArrivals(20, 30_000), () -> tunnel.left().node().tail(20) + tunnel.right().node().tail(20));
        }
    }

    private static boolean is(String state, Map<String, Object> peer) {
        return state.equalsIgnoreCase(String.valueOf(peer.get("Link")));
    }
}
