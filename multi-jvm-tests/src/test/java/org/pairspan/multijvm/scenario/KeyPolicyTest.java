package org.pairspan.multijvm.scenario;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pairspan.cli.lab.Command;
import org.pairspan.multijvm.harness.Installation;
import org.pairspan.multijvm.harness.LineTunnel;
import org.pairspan.multijvm.harness.NumberedFlow;
import org.pairspan.multijvm.harness.PairspanCommand;
import org.pairspan.multijvm.harness.Scenario;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Two sites talk; the policy of the key service denies them while they do, and allows them again. */
@Scenario
@Timeout(180)
class KeyPolicyTest {

    private static final int PORT = 7600;
    private static final int STOPS_WITHIN_S = 10;
    private static final int FLOWS_WITHIN_MS = 20_000;

    private final Installation installation;

    KeyPolicyTest(Installation installation) {
        this.installation = installation;
    }

    @Test
    void aPairThatIsDeniedWhileItTalksFallsSilentAndTalksAgainWhenItMay() throws Exception {
        try (LineTunnel tunnel = LineTunnel.start(installation, ""); NumberedFlow flow = tunnel.flow(tunnel.left(), PORT, 100, 200)) {
            assertTrue(flow.awaitArrivals(50, FLOWS_WITHIN_MS), () -> tunnel.left().node().tail(20));
            final String left = tunnel.left().site().memberId();
            final String right = tunnel.right().site().memberId();
            final Path document = Files.writeString(installation.file("apart.conf"), """
                key-policy { rules = [
                  { name = apart, action = deny, between = %s, and = %s }
                  { name = others, action = allow, between = "*", and = "*" }
                ] }
                """.formatted(left, right));

            final Command check = ctl("check", document.toString());
            assertEquals(0, check.exitCode(), check::output);
            assertTrue(check.output().contains("newly denied: 1 pair"), check::output);
            final Command apply = ctl("apply", document.toString(), "--comment", "apart for now");
            try {
                assertEquals(0, apply.exitCode(), apply::output);
                assertTrue(apply.output().contains(" is in force; held by kms-1"), apply::output);
                final long start = System.nanoTime();
                while (flow.awaitArrivals(1, 1000)) {
                    assertTrue(System.nanoTime() - start < Duration.ofSeconds(STOPS_WITHIN_S).toNanos(), () -> "still flows\n"
                        + tunnel.left().node().tail(20) + tunnel.right().node().tail(20));
                }
                System.out.printf("KeyPolicyTest: silent %.1f s after the policy was applied%n", (System.nanoTime() - start) / 1e9 - 1);
                final Command explain = ctl("explain", right, left);
                assertTrue(explain.output().contains("denied: rule 'apart' denies it"), explain::output);
            } finally {
                final Command rollback = ctl("rollback", "0");
                assertEquals(0, rollback.exitCode(), rollback::output);
            }
            assertTrue(flow.awaitArrivals(50, FLOWS_WITHIN_MS), () -> "does not flow again\n" + tunnel.left().node().tail(20)
                + tunnel.right().node().tail(20));
            assertTrue(flow.stop(500).atMostOnce());
        }
    }

    private Command ctl(String... arguments) throws IOException {
        final List<String> all = new ArrayList<>(List.of("ctl", "policy"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--pid", Long.toString(installation.pidOfKeyServer(1))));
        return Command.run(installation.lab().keys().command(PairspanCommand.of(all)));
    }
}
