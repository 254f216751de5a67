package org.pairspan.multijvm.scenario;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pairspan.multijvm.harness.Installation;
import org.pairspan.multijvm.harness.LineTunnel;
import org.pairspan.multijvm.harness.NumberedFlow;
import org.pairspan.multijvm.harness.Overload;
import org.pairspan.multijvm.harness.Scenario;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the policy of either end does not allow does not pass and is counted where it was dropped; what it allows passes. */
@Scenario
@Timeout(120)
class PolicyTest {

    private static final int ALLOWED = 7500;
    private static final int FORBIDDEN = 7501;
    private static final int COUNT = 50;
    private static final String SENDERS_DROP = "POLICY_DISCARDED";
    private static final String RECEIVERS_DROP = "POLICY_REFUSED";
    private static final String ONE_PORT = """
        policy.rules = [
          { name = there, protocol = udp, remote-ports = [%1$d] }
          { name = here, protocol = udp, local-ports = [%1$d] }
        ]
        """.formatted(ALLOWED);

    private final Installation installation;

    PolicyTest(Installation installation) {
        this.installation = installation;
    }

    @Test
    void aPortThatNoRuleAllowsIsDroppedBeforeItLeaves() throws Exception {
        try (LineTunnel tunnel = LineTunnel.start(installation, ONE_PORT)) {
            assertPasses(tunnel);
            assertDropped(tunnel, tunnel.left(), SENDERS_DROP);
        }
    }

    @Test
    void aPortThatOnlyTheSenderAllowsIsDroppedWhereItArrives() throws Exception {
        try (LineTunnel tunnel = LineTunnel.start(installation, "", ONE_PORT)) {
            assertPasses(tunnel);
            assertDropped(tunnel, tunnel.right(), RECEIVERS_DROP);
        }
    }

    @Test
    void aPeerThatNoRuleNamesGetsNothing() throws Exception {
        final String othersOnly = "policy.rules = [ { name = others, peers = [\"somebody-else\"] } ]";
        try (LineTunnel tunnel = LineTunnel.start(installation, othersOnly)) {
            assertDropped(tunnel, tunnel.left(), SENDERS_DROP);
        }
    }

    private static void assertPasses(LineTunnel tunnel) throws Exception {
        final Overload overload = Overload.of(tunnel);
        try (NumberedFlow flow = tunnel.flow(tunnel.left(), ALLOWED, 100, 200)) {
            assertTrue(flow.awaitArrivals(COUNT, 30_000), () -> tunnel.left().node().tail(20));
            final NumberedFlow.Result result = flow.stop(1000);
            overload.assertNothingElseLost(List.of(result));
        }
    }

    private static void assertDropped(LineTunnel tunnel, LineTunnel.End dropper, String reason) throws Exception {
        final long before = dropper.drops(reason);
        try (NumberedFlow flow = tunnel.flow(tunnel.left(), FORBIDDEN, 100, 200)) {
            assertTrue(!flow.awaitArrivals(1, 1000), "a forbidden packet arrived");
            final NumberedFlow.Result result = flow.stop(500);
            assertEquals(0, result.arrived(), result::toString);
            assertEquals(result.sent(), dropper.drops(reason) - before, () -> dropper.nodeBean().get("Drops").toString());
        }
    }
}
