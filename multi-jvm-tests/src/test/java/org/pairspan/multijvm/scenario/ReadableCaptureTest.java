package org.pairspan.multijvm.scenario;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.cli.lab.Capture;
import org.pairspan.cli.lab.Command;
import org.pairspan.cli.lab.Deployment;
import org.pairspan.cli.lab.LabProcess;
import org.pairspan.cli.lab.Site;
import org.pairspan.multijvm.harness.Installation;
import org.pairspan.multijvm.harness.Scenario;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A capture of the tunnel opens in tshark with the keys that a node exported on demand, by the command in docs/wireshark/README.md. */
@Scenario
@Timeout(120)
class ReadableCaptureTest {

    private static final String PATTERN = "706169727370616e21";
    private static final Path DISSECTOR = Path.of("..", "docs", "wireshark", "pairspan.lua");

    private final Installation installation;

    @TempDir
    private Path folder;

    ReadableCaptureTest(Installation installation) {
        this.installation = installation;
    }

    @BeforeAll
    static void needsTools() {
        Installation.needs("tshark");
        Installation.needs("ping");
    }

    @Test
    void tsharkShowsTheInnerPacketsWithTheExportedKeysAndNothingWithoutThem() throws IOException {
        final Site siteC = installation.siteC();
        final Path keys = installation.file("esp-keys");
        final Path pcap = installation.file("readable.pcap");
        try (LabProcess node = installation.deployment().startNode(siteC,
            "debug.export-keys-to = \"" + keys + "\"\nhold { packets = 4096, timeout = 30 s }")) {
            Deployment.awaitReady(node);
            assertFalse(node.linesWith("WARN").isEmpty(), "the export warns");
            try (Capture capture = Capture.start(siteC.namespace(), "wire", pcap)) {
                final Command ping = Command.run(siteC.namespace().command(
                    List.of("ping", "-c", "5", "-i", "0.2", "-W", "10", "-p", PATTERN, installation.lab().siteA().address())));
                assertEquals(0, ping.exitCode(), ping.output());
                capture.sync();
            }
        }
        final List<String> exported = Files.readAllLines(keys);
        final String with = tshark(pcap, exported, "-V");
        assertTrue(with.contains("Echo (ping) request"), with);
        assertTrue(with.contains("Echo (ping) reply"), with);
        assertTrue(with.contains("Src: 10.3.0.1, Dst: 10.1.0.1"), with);
        assertTrue(tshark(pcap, exported, "-T", "fields", "-e", "pairspan.inner").contains(PATTERN), with);

        final String without = tshark(pcap, List.of(), "-V");
        assertTrue(without.contains("Pairspan SPA and ESP"), without);
        assertFalse(without.contains("Echo (ping)"), without);
        assertFalse(tshark(pcap, List.of(), "-x").replace(" ", "").contains(PATTERN), without);
    }

    private static String tshark(Path pcap, List<String> keys, String... output) {
        final List<String> command = new ArrayList<>(List.of("tshark", "-r", pcap.toString(),
            "-X", "lua_script:" + DISSECTOR.toAbsolutePath().normalize(), "-o", "esp.enable_encryption_decode:TRUE"));
        keys.forEach(key -> command.addAll(List.of("-o", "uat:esp_sa:" + key)));
        command.addAll(List.of(output));
        final Command done = Command.run(command);
        assertEquals(0, done.exitCode(), done.output());
        return done.output();
    }
}
