package org.pairspan.multijvm.harness;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.pairspan.cli.lab.LabAccess;
import org.pairspan.cli.lab.LineEnds;
import org.pairspan.cli.lab.NetworkLab;
import org.pairspan.cli.lab.line.LineCounter;
import org.pairspan.cli.lab.line.LongLine;
import org.pairspan.cli.lab.traffic.FileTransfer;
import org.pairspan.cli.lab.traffic.SampleFile;
import org.pairspan.cli.lab.traffic.UdpEcho;
import org.pairspan.cli.lab.traffic.UdpProbe;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The long line does what it is told, and no more. */
@Isolated
@Timeout(60)
class LineTest {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    @TempDir
    private Path folder;

    @BeforeAll
    static void needsNamespaces() {
        assumeTrue(LabAccess.find() == LabAccess.DIRECT, "network namespaces need root");
        Installation.needs("ethtool");
    }

    @Test
    void whatIsSentArrivesLaterByTheDelay() throws IOException {
        try (NetworkLab lab = NetworkLab.create()) {
            final LineEnds ends = lab.addLine(11);
            final LongLine line = LongLine.start(lab, ends, folder, "delay=25ms");
            final UdpProbe.Result result = probe(lab, ends, 100);
            assertEquals(0, result.lost(), result::toString);
            assertTrue(result.meanMs() >= 50 && result.meanMs() < 70, result::toString);
            assertEquals(0, line.spoiled(), line::toString);
        }
    }

    @Test
    void theShareThatWasAskedForGetsLostOrComesTwice() throws IOException {
        try (NetworkLab lab = NetworkLab.create()) {
            final LineEnds ends = lab.addLine(11);
            final LongLine line = LongLine.start(lab, ends, folder, "loss=0.1", "seed=7");
            final UdpProbe.Result lossy = probe(lab, ends, 1000);
            assertTrue(lossy.lost() > 100 && lossy.lost() < 300, lossy::toString);
            assertEquals(lossy.lost(), line.forth(LineCounter.LOST) + line.back(LineCounter.LOST), line::toString);
            line.set("loss", "0");
            line.set("duplicate", "0.5");
            line.set("reorder", "0.2");
            final UdpProbe.Result doubled = probe(lab, ends, 500);
            assertEquals(0, doubled.lost(), doubled::toString);
            assertTrue(line.forth(LineCounter.DUPLICATED) > 200, line::toString);
            assertTrue(line.forth(LineCounter.REORDERED) > 50, line::toString);
            assertEquals(0, line.spoiled(), line::toString);
        }
    }

    @Test
    void aNarrowLineCarriesItsCapacityAndDropsWhatItsBufferCannotHold() throws IOException {
        final Path file = folder.resolve("file");
        SampleFile.create(file, 5, 42);
        try (NetworkLab lab = NetworkLab.create()) {
            final LineEnds ends = lab.addLine(11);
            final LongLine line = LongLine.start(lab, ends, folder, "rate=20M", "buffer=50k", "delay=5ms");
            final FileTransfer transfer = transfer(ends, file);
            assertTrue(transfer.megabitsPerSecond() > 10 && transfer.megabitsPerSecond() < 20, transfer::toString);
            assertTrue(line.forth(LineCounter.OVERFLOWED) > 0, line::toString);
            assertEquals(0, line.spoiled(), line::toString);
        }
    }

    @Test
    void aFastLineSlowsNothing() throws IOException {
        final Path file = folder.resolve("file");
        SampleFile.create(file, 128, 42);
        try (NetworkLab lab = NetworkLab.create()) {
            final LineEnds ends = lab.addLine(11);
            final LongLine line = LongLine.start(lab, ends, folder, "delay=1ms");
            final FileTransfer transfer = transfer(ends, file);
            System.out.println("LineTest: " + transfer + ", " + line);
            assertEquals(0, line.forth(LineCounter.TOO_LARGE), line::toString);
            assertEquals(0, line.spoiled(), line::toString);
        }
    }

    private FileTransfer transfer(LineEnds ends, Path file) throws IOException {
        final Path copy = folder.resolve("copy");
        try (FileTransfer transfer = FileTransfer.start(ends.left().namespace(), ends.right().namespace(),
            new InetSocketAddress(ends.right().wireAddress(), 0), file, copy)) {
            transfer.await(Duration.ofSeconds(30));
            assertEquals(SampleFile.sha256(file), SampleFile.sha256(copy));
            return transfer;
        }
    }

    private static UdpProbe.Result probe(NetworkLab lab, LineEnds ends, int answers) throws IOException {
        final InetSocketAddress target = new InetSocketAddress(ends.right().wireAddress(), 7000);
        try (UdpEcho echo = UdpEcho.start(ends.right().namespace(), target);
             UdpProbe probe = UdpProbe.start(ends.left().namespace(), target, Duration.ofMillis(1))) {
            for (int i = 0; i < answers; i++) {
                assertTrue(probe.awaitAnswer(LIMIT), echo::toString);
            }
            return probe.stop(Duration.ofMillis(300));
        }
    }
}
