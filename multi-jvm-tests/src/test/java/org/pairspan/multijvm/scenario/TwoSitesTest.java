package org.pairspan.multijvm.scenario;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.pairspan.cli.lab.Capture;
import org.pairspan.cli.lab.Command;
import org.pairspan.cli.lab.Deployment;
import org.pairspan.cli.lab.LabProcess;
import org.pairspan.cli.lab.ManagementClient;
import org.pairspan.cli.lab.Namespace;
import org.pairspan.cli.lab.Site;
import org.pairspan.cli.lab.traffic.FileTransfer;
import org.pairspan.cli.lab.traffic.SampleFile;
import org.pairspan.cli.lab.traffic.UdpEcho;
import org.pairspan.cli.lab.traffic.UdpProbe;
import org.pairspan.cli.lab.wire.PlaintextIndex;
import org.pairspan.cli.lab.wire.WireAudit;
import org.pairspan.multijvm.harness.Installation;
import org.pairspan.multijvm.harness.PacketCount;
import org.pairspan.multijvm.harness.Scenario;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

@Scenario
@Isolated
@Timeout(180)
class TwoSitesTest {

    private static final int ECHO_PORT = 7001;
    private static final int MEBIBYTES = 32;

    private final Installation installation;
    private final Site siteA;
    private final Site siteB;

    @TempDir
    private Path folder;

    TwoSitesTest(Installation installation) {
        this.installation = installation;
        this.siteA = installation.lab().siteA();
        this.siteB = installation.lab().siteB();
    }

    @Test
    void bothSitesReachEachOtherOverIpv4AndIpv6() {
        Installation.needs("ping");
        for (final String address : List.of(siteB.address(), siteB.address6())) {
            final Command ping = Command.run(siteA.namespace().command(List.of("ping", "-c", "20", "-i", "0.05", "-W", "3", address)));
            assertEquals(0, ping.exitCode(), ping.output());
            assertTrue(ping.output().contains(" 0% packet loss"), ping.output());
        }
        for (final String address : List.of(siteA.address(), siteA.address6())) {
            final Command ping = Command.run(siteB.namespace().command(List.of("ping", "-c", "20", "-i", "0.05", "-W", "3", address)));
            assertEquals(0, ping.exitCode(), ping.output());
            assertTrue(ping.output().contains(" 0% packet loss"), ping.output());
        }
    }

    @Test
    void filesArriveWholeBothWaysAndOnlyEspIsOnTheWire() throws IOException {
        transferAndAudit(siteA.namespace(), siteB.namespace(), siteB.address(), MEBIBYTES);
        transferAndAudit(siteB.namespace(), siteA.namespace(), siteA.address(), MEBIBYTES);
        transferAndAudit(siteA.namespace(), siteB.namespace(), siteB.address6(), MEBIBYTES);
        transferAndAudit(siteB.namespace(), siteA.namespace(), siteA.address6(), MEBIBYTES);
    }

    @Test
    void nothingLeavesASiteWhileNoKeyIsThere() throws IOException {
        final Site siteC = installation.siteC();
        final Namespace namespace = siteC.namespace();
        try (LabProcess node = installation.deployment().startBriefNode(siteC, "key-service.servers = [\"198.51.100.99:7400\"]")) {
            final String ready = Deployment.awaitReady(node);
            assertTrue(ready.contains("NO KEY SERVICE YET"), ready);
            // From now on there is a socket at the bearer port, so the kernel has nothing to say either.
            final Capture capture = Capture.start(namespace, "wire", folder.resolve("wire.pcap"));
            try (capture; UdpProbe probe = UdpProbe.start(namespace, new InetSocketAddress(siteA.address(), ECHO_PORT), Duration.ofMillis(5))) {
                assertFalse(probe.awaitAnswer(Duration.ofSeconds(2)));
                assertTrue(probe.stop(Duration.ZERO).sent() > 200);
            }
            assertEquals(0, PacketCount.from(siteC.wireAddress(), capture.file()));
        }
    }

    @Test
    void theFirstPacketsOfANewPairWaitForTheirKeyAndArrive() throws IOException {
        final Site newcomer = installation.siteC().as("site-d", 4);
        installation.deployment().enrol(newcomer);
        try (LabProcess node = installation.deployment().startBriefNode(newcomer, "hold { packets = 4096, timeout = 30 s }");
             UdpEcho echo = UdpEcho.start(siteA.namespace(), new InetSocketAddress(siteA.address(), ECHO_PORT))) {
            Deployment.awaitReady(node);
            try (UdpProbe probe = UdpProbe.start(newcomer.namespace(), new InetSocketAddress(siteA.address(), ECHO_PORT), Duration.ofMillis(20))) {
                for (int i = 0; i < 20; i++) {
                    assertTrue(probe.awaitAnswer(Duration.ofSeconds(10)), () -> node.tail(20));
                }
                final UdpProbe.Result result = probe.stop(Duration.ofSeconds(3));
                assertEquals(0, result.lost(), result::toString);
            }
            assertFalse(installation.managementOf(newcomer, node).read("type=Node,*").isEmpty(), () -> "no bean of " + echo);
        }
    }

    @Test
    void bothNodesOfAPairThatStartTalkingAtTheSameMomentAgreeOnOneKey() throws IOException {
        final Site siteC = installation.siteC();
        final InetSocketAddress atA = new InetSocketAddress(siteA.address(), ECHO_PORT);
        final InetSocketAddress atC = new InetSocketAddress(siteC.address(), ECHO_PORT);
        try (LabProcess node = installation.deployment().startBriefNode(siteC, "hold { packets = 4096, timeout = 30 s }")) {
            Deployment.awaitReady(node);
            try (UdpEcho echoAtA = UdpEcho.start(siteA.namespace(), atA);
                 UdpEcho echoAtC = UdpEcho.start(siteC.namespace(), atC);
                 UdpProbe fromA = UdpProbe.start(siteA.namespace(), atC, Duration.ofMillis(10));
                 UdpProbe fromC = UdpProbe.start(siteC.namespace(), atA, Duration.ofMillis(10))) {
                assertTrue(fromA.awaitAnswer(Duration.ofSeconds(15)), echoAtC::toString);
                assertTrue(fromC.awaitAnswer(Duration.ofSeconds(15)), echoAtA::toString);
            }
            final Map<String, Object> seenByA = peer(installation.managementOf(siteA, installation.nodeA()), siteC.memberId());
            final Map<String, Object> seenByC = peer(installation.managementOf(siteC, node), siteA.memberId());
            assertEquals(seenByA.get("KeyVersion"), seenByC.get("KeyVersion"));
            assertEquals(seenByA.get("Generation"), seenByC.get("Generation"));
            assertEquals(seenByA.get("Suite"), seenByC.get("Suite"));
        }
    }

    @Test
    void aNodeThatWasKilledComesBackUnderANewGenerationAndTheTunnelGoesOn() throws IOException {
        final Site siteC = installation.siteC();
        final InetSocketAddress atA = new InetSocketAddress(siteA.address(), ECHO_PORT);
        final ManagementClient nodeA = installation.managementOf(siteA, installation.nodeA());
        try (UdpEcho echo = UdpEcho.start(siteA.namespace(), atA)) {
            final long before = generationAfterTalking(siteC, atA, nodeA, echo);
            final long after = generationAfterTalking(siteC, atA, nodeA, echo);
            assertTrue(after > before, () -> "generation " + before + ", after the kill " + after);
        }
    }

    /** Starts site C's node, exchanges some packets with site A, kills it, and tells the generation they went under. */
    private long generationAfterTalking(Site siteC, InetSocketAddress atA, ManagementClient nodeA, UdpEcho echo) throws IOException {
        try (LabProcess node = installation.deployment().startBriefNode(siteC, "")) {
            Deployment.awaitReady(node);
            try (UdpProbe probe = UdpProbe.start(siteC.namespace(), atA, Duration.ofMillis(10))) {
                for (int i = 0; i < 50; i++) {
                    assertTrue(probe.awaitAnswer(Duration.ofSeconds(15)), () -> node.tail(20) + echo);
                }
            }
            node.kill();
            return (Long) peer(nodeA, siteC.memberId()).get("Generation");
        }
    }

    @Test
    void aFileArrivesWholeOverALineThatLosesOnePacketInAHundred() throws IOException {
        Installation.needs("nft");
        installation.lab().loss(siteB, 0.01);
        try {
            transferAndAudit(siteA.namespace(), siteB.namespace(), siteB.address(), 4);
        } finally {
            installation.lab().loss(siteB, 0);
        }
    }

    /** A node refreshes the beans of its peers twice a second, so a new one may take a moment. */
    private static Map<String, Object> peer(ManagementClient node, String id) {
        final long start = System.nanoTime();
        while (System.nanoTime() - start < Duration.ofSeconds(10).toNanos()) {
            final Map<String, Object> bean = node.read("type=Peer,*").get("name=" + id + ",type=Peer");
            if (bean != null) {
                return bean;
            }
        }
        return fail("no bean of peer " + id);
    }

    private void transferAndAudit(Namespace from, Namespace to, String address, int mebibytes) throws IOException {
        final Path file = folder.resolve("file");
        final Path copy = folder.resolve("copy");
        SampleFile.create(file, mebibytes, 7);
        final Capture capture = Capture.start(siteA.namespace(), "wire", folder.resolve("transfer.pcap"));
        try (capture; FileTransfer transfer = FileTransfer.start(from, to, new InetSocketAddress(address, 0), file, copy)) {
            transfer.await(Duration.ofSeconds(40));
        }
        assertEquals(SampleFile.sha256(file), SampleFile.sha256(copy));
        assertEquals(0, capture.missed());
        try (PlaintextIndex index = new PlaintextIndex(file)) {
            final WireAudit.Report wire = WireAudit.of(capture.file(), Site.BEARER_PORT, index);
            assertTrue(wire.clean(), wire::toString);
            assertTrue(wire.packetBytes() > (long) mebibytes << 20, wire::toString);
        }
    }
}
