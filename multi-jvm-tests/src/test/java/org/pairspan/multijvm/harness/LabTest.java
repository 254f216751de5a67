package org.pairspan.multijvm.harness;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.pairspan.cli.lab.Capture;
import org.pairspan.cli.lab.Command;
import org.pairspan.cli.lab.LabAccess;
import org.pairspan.cli.lab.LabException;
import org.pairspan.cli.lab.LabProcess;
import org.pairspan.cli.lab.Namespace;
import org.pairspan.cli.lab.NetworkLab;
import org.pairspan.cli.lab.traffic.FileTransfer;
import org.pairspan.cli.lab.traffic.SampleFile;
import org.pairspan.cli.lab.traffic.UdpEcho;
import org.pairspan.cli.lab.traffic.UdpProbe;
import org.pairspan.cli.lab.wire.PlaintextIndex;
import org.pairspan.cli.lab.wire.WireAudit;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

@Isolated
@Timeout(60)
class LabTest {

    @TempDir
    private Path folder;

    @BeforeAll
    static void needsNamespaces() {
        assumeTrue(LabAccess.find() == LabAccess.DIRECT, "network namespaces need root");
    }

    @Test
    void aFileSentInClearIsFoundInTheCapture() throws Exception {
        final Path file = folder.resolve("file");
        final Path copy = folder.resolve("copy");
        SampleFile.create(file, 8, 42);
        try (NetworkLab lab = NetworkLab.create()) {
            final Capture capture = lab.closing(Capture.start(lab.siteA().namespace(), "wire", folder.resolve("wire.pcap")));
            try (FileTransfer transfer = FileTransfer.start(lab.siteA().namespace(), lab.siteB().namespace(),
                new InetSocketAddress("192.0.2.2", 0), file, copy)) {
                transfer.await(Duration.ofSeconds(20));
            }
            capture.close();
            assertEquals(SampleFile.sha256(file), SampleFile.sha256(copy));
            assertEquals(0, capture.missed());
            try (PlaintextIndex index = new PlaintextIndex(file)) {
                final WireAudit.Report report = WireAudit.of(capture.file(), 4710, index);
                assertEquals(capture.frames(), report.frames());
                assertEquals(report.frames(), report.odd() + report.arp());
                assertEquals("IPv4 protocol 6", report.oddities().getFirst());
                assertTrue(report.plaintextFound() > 8 * 1024 * 1024 / 256 * 9 / 10, report::toString);
            }
        }
    }

    @Test
    void sitesReachTheKeyServersButNotEachOtherByThatLink() {
        Installation.needs("ping");
        try (NetworkLab lab = NetworkLab.create()) {
            final var siteA = lab.siteA().namespace();
            assertEquals(0, Command.run(siteA.command(List.of("ping", "-c1", "-W2", "198.51.100.2"))).exitCode());
            assertEquals(1, Command.run(siteA.command(List.of("ping", "-c1", "-W1", "198.51.100.12"))).exitCode());
        }
    }

    @Test
    void siteCReachesTheBearerAddressOfSiteA() {
        Installation.needs("ping");
        try (NetworkLab lab = NetworkLab.create()) {
            final var siteC = lab.addSiteC().namespace();
            assertEquals(0, Command.run(siteC.command(List.of("ping", "-c1", "-W2", "192.0.2.1"))).exitCode());
        }
    }

    /** A bridge without an address of its own takes the lowest of its ports', which are random: of sixteen more one is lower, most times. */
    @Test
    void siteCReachesTheKeyServersAtTheAddressItLearnedAfterLinesWereAdded() {
        Installation.needs("ping");
        Installation.needs("ethtool");
        try (NetworkLab lab = NetworkLab.create()) {
            final var siteC = lab.addSiteC().namespace();
            final String before = keyServerAsSeenBy(siteC);
            for (int line = 0; line < 8; line++) {
                lab.addLine(4 + 2 * line);
            }
            assertEquals(before, keyServerAsSeenBy(siteC));
        }
    }

    /** Pings a key server, and tells the link address that the site has for it. */
    private static String keyServerAsSeenBy(Namespace site) {
        assertEquals(0, Command.run(site.command(List.of("ping", "-c1", "-W2", "198.51.100.2"))).exitCode());
        final String neighbour = Command.succeed(site.command(List.of("ip", "neighbour", "show", "to", "198.51.100.2")).toArray(String[]::new));
        return neighbour.replaceFirst("(?s).* lladdr ([0-9a-f:]+).*", "$1");
    }

    @Test
    void theProbeCountsWhatIsLost() throws Exception {
        Installation.needs("nft");
        try (NetworkLab lab = NetworkLab.create()) {
            final InetSocketAddress target = new InetSocketAddress("192.0.2.2", 7000);
            lab.closing(UdpEcho.start(lab.siteB().namespace(), target));
            final UdpProbe clean = lab.closing(UdpProbe.start(lab.siteA().namespace(), target, Duration.ofMillis(2)));
            assertTrue(clean.awaitAnswer(Duration.ofSeconds(5)));
            assertEquals(0, clean.stop(Duration.ofSeconds(2)).lost());

            lab.loss(lab.siteB(), 0.5);
            final UdpProbe lossy = lab.closing(UdpProbe.start(lab.siteA().namespace(), target, Duration.ofMillis(1)));
            for (int i = 0; i < 50; i++) {
                assertTrue(lossy.awaitAnswer(Duration.ofSeconds(5)));
            }
            final UdpProbe.Result result = lossy.stop(Duration.ofMillis(200));
            assertTrue(result.lost() > 0, result::toString);
        }
    }

    @Test
    void aProcessThatDiesBeforeItIsReadySaysWhatItSaid() {
        final LabProcess process = LabProcess.start(null, "short", folder, List.of("sh", "-c", "echo first; echo last; exit 3"));
        final LabException died = assertThrows(LabException.class, () -> process.awaitLine("ready", Duration.ofSeconds(10)));
        assertTrue(died.getMessage().contains("short> last"), died.getMessage());
        assertEquals(3, process.awaitEnd(Duration.ofSeconds(5)));
    }

    @Test
    void aProcessThatIsNeverReadyIsGivenUpInTime() {
        try (LabProcess process = LabProcess.start(null, "slow", folder, List.of("sh", "-c", "trap '' QUIT; echo here; exec sleep 30"))) {
            assertEquals("here", process.awaitLine("here", Duration.ofSeconds(10)));
            assertThrows(LabException.class, () -> process.awaitLine("ready", Duration.ofMillis(50)));
            process.freeze();
            process.thaw();
            process.kill();
            assertFalse(process.alive());
        }
    }

    @Test
    void nothingIsLeftBehind() throws Exception {
        final List<String> before = ownNamespaces();
        final LabProcess process;
        try (NetworkLab lab = NetworkLab.create()) {
            process = lab.closing(LabProcess.start(lab.keys(), "sleeper", folder, List.of("sleep", "60")));
            assertEquals(before.size() + 3, ownNamespaces().size());
        }
        assertFalse(process.alive());
        assertEquals(before, ownNamespaces());
        assertTrue(Files.exists(process.log()));
    }

    /** Other programs on this machine may have laboratories, too. */
    private static List<String> ownNamespaces() {
        final String ours = "pairspan-" + ProcessHandle.current().pid() + "-";
        return NetworkLab.leftNamespaces().stream().filter(name -> name.startsWith(ours)).toList();
    }
}
