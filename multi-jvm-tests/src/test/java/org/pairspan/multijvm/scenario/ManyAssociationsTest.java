package org.pairspan.multijvm.scenario;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.pairspan.cli.lab.Deployment;
import org.pairspan.cli.lab.LabProcess;
import org.pairspan.cli.lab.ManagementClient;
import org.pairspan.cli.lab.Site;
import org.pairspan.cli.lab.traffic.UdpEcho;
import org.pairspan.multijvm.harness.AnswerBook;
import org.pairspan.multijvm.harness.Installation;
import org.pairspan.multijvm.harness.MemberClient;
import org.pairspan.multijvm.harness.Scenario;
import org.pairspan.multijvm.swarm.Swarm;
import org.pairspan.protocol.address.IpLiteral;
import org.pairspan.protocol.keyservice.Association;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * One node with very many peers, traffic with all of them. {@code -Dpairspan.associations=1000} sets how many (50 otherwise),
 * {@code -Dpairspan.associations-rates} packets a second in all, the first of which must be answered and the others, with commas between, are
 * tried (5000), {@code -Dpairspan.associations-seconds} for how long each (5).
 */
@Scenario
@Isolated
@Timeout(1200)
class ManyAssociationsTest {

    private static final int MEMBERS = Integer.getInteger("pairspan.associations", 50);
    private static final int[] RATES = Stream.of(System.getProperty("pairspan.associations-rates", "5000").split(",")).mapToInt(Integer::parseInt).toArray();
    private static final int SECONDS = Integer.getInteger("pairspan.associations-seconds", 5);
    private static final int WARM_UP_ROUNDS = 40;
    private static final int FIRST_PORT = 20_000;
    private static final int ECHO_PORT = 7700;
    private static final int PAYLOAD = 600;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** Smaller terms, since there are so many of them. */
    private static final String SMALL_STREAMS = "bearer.term-length = 512 KiB\nbearer.window = 256 KiB\n";

    private final Installation installation;

    ManyAssociationsTest(Installation installation) {
        this.installation = installation;
    }

    @Test
    void oneNodeTalksWithAllItsPeersAtOnce() throws Exception {
        final Site siteC = installation.siteC();
        final Site siteA = installation.lab().siteA();
        final InetSocketAddress echoAddress = new InetSocketAddress(siteC.address(), ECHO_PORT);
        try (LabProcess node = installation.deployment().startNode(siteC, SMALL_STREAMS)) {
            Deployment.awaitReady(node);
            try (UdpEcho echo = UdpEcho.start(siteC.namespace(), echoAddress);
                 Swarm swarm = new Swarm(siteA.namespace(), new InetSocketAddress(siteC.wireAddress(), Site.BEARER_PORT),
                     IpLiteral.parse(siteC.address()), ECHO_PORT, PAYLOAD)) {
                measure(node, swarm, echo);
            }
        }
    }

    private void measure(LabProcess node, Swarm swarm, UdpEcho echo) throws Exception {
        final Site siteC = installation.siteC();
        final Site siteA = installation.lab().siteA();
        final ManagementClient management = installation.managementOf(siteC, node);
        System.out.println("ManyAssociationsTest: alone " + memory(node));
        final long start = System.nanoTime();
        populate(swarm, siteA, siteC);
        System.out.printf("ManyAssociationsTest: %d members have keys after %.1f s, %s%n", MEMBERS, (System.nanoTime() - start) / 1e9, memory(node));
        warmUp(swarm);
        System.out.printf("ManyAssociationsTest: all exchanged keys and talk after %.1f s, %s%n", (System.nanoTime() - start) / 1e9, memory(node));
        final Swarm.Result result = runAt(RATES[0], swarm, node, management);
        // A node that had talked with this site before may have come back to it.
        assertEquals(MEMBERS, management.read("type=Peer,name=many-*").size(), () -> node.tail(20) + echo);
        assertEquals(0, result.silent(), () -> result + ", the worst: " + swarm);
        assertTrue(result.answered() > result.sent() * 9 / 10, result::toString);
        for (int i = 1; i < RATES.length; i++) {
            runAt(RATES[i], swarm, node, management);
        }
    }

    private static Swarm.Result runAt(int rate, Swarm swarm, LabProcess node, ManagementClient management) throws IOException {
        final Swarm.Result result = swarm.run(SECONDS, rate);
        System.out.printf("ManyAssociationsTest: %d packets/s offered: %s, %d packets/s, %s, drops %s%n", rate, result, result.packetsPerSecond(),
            memory(node), nodeBean(management).get("Drops"));
        return result;
    }

    /** Until every member has got nearly all its answers in a round: its keys are exchanged then, which takes both sides a while. */
    private static void warmUp(Swarm swarm) throws IOException {
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            final Swarm.Result result = swarm.run(SECONDS, RATES[0]);
            System.out.println("ManyAssociationsTest: warming up " + result);
            if (result.silent() == 0 && result.answered() > result.sent() * 98 / 100) {
                return;
            }
        }
    }

    private void populate(Swarm swarm, Site siteA, Site siteC) throws Exception {
        final AnswerBook book = new AnswerBook();
        for (int number = 0; number < MEMBERS; number++) {
            final InetSocketAddress own = new InetSocketAddress(siteA.wireAddress(), FIRST_PORT + number);
            final String prefix = "10." + (64 + number / 256) + "." + number % 256 + ".0/24";
            try (MemberClient member = installation.member("many-" + number, prefix, own, number, book)) {
                assertTrue(member.awaitRegistration(LIMIT), member::id);
                final Association granted = member.ask(IpLiteral.parse(siteC.address()), LIMIT);
                swarm.add(member.id(), member.address(), own, granted);
            }
        }
        assertEquals(List.of(), book.contradictions());
    }

    private static Map<String, Object> nodeBean(ManagementClient management) {
        return management.read("type=Node,*").values().iterator().next();
    }

    /** What the kernel says of the node's memory: all of it, its own, and that of streams. */
    private static String memory(LabProcess node) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + node.pid() + "/status")).stream()
            .filter(line -> line.matches("(VmRSS|RssAnon|RssShmem):.*")).map(line -> line.replaceAll("\\s+", " ")).collect(Collectors.joining(", "));
    }
}
