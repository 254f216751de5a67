package org.pairspan.cli.demo;

import org.pairspan.cli.lab.Capture;
import org.pairspan.cli.lab.LabException;
import org.pairspan.cli.lab.LabProcess;
import org.pairspan.cli.lab.ManagementClient;
import org.pairspan.cli.lab.Namespace;
import org.pairspan.cli.lab.NetworkLab;
import org.pairspan.cli.lab.Site;
import org.pairspan.cli.lab.TemporaryFolder;
import org.pairspan.cli.lab.traffic.FileTransfer;
import org.pairspan.cli.lab.traffic.SampleFile;
import org.pairspan.cli.lab.traffic.UdpProbe;
import org.pairspan.cli.lab.wire.PlaintextIndex;
import org.pairspan.cli.lab.wire.WireAudit;
import org.pairspan.protocol.association.Spi;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A file travels; on its way the key server that holds the pair's key is killed; what was on the wire is examined afterwards. */
final class TransferScene {

    private static final int MEBIBYTE = 1 << 20;
    private static final int KILL_AT_PERCENT = 35;
    private static final Duration TRANSFER_LIMIT = Duration.ofSeconds(90);
    private static final Duration NEW_PAIR_LIMIT = Duration.ofSeconds(10);
    private static final Duration PROBE_PERIOD = Duration.ofMillis(10);
    private static final Duration REDRAW = Duration.ofMillis(100);

    private final DemoOptions options;
    private final Narrator narrator;
    private final NetworkLab lab;
    private final TemporaryFolder workspace;
    private final Site siteC;
    private final List<LabProcess> keyServers;
    private final Map<Integer, String> membersByNumber;
    private double megabitsPerSecond;
    private long killedNs;

    TransferScene(DemoOptions options, Narrator narrator, NetworkLab lab, TemporaryFolder workspace, Site siteC, List<LabProcess> keyServers,
        Map<Integer, String> membersByNumber) {
        this.options = options;
        this.narrator = narrator;
        this.lab = lab;
        this.workspace = workspace;
        this.siteC = siteC;
        this.keyServers = keyServers;
        this.membersByNumber = membersByNumber;
    }

    double megabitsPerSecond() {
        return megabitsPerSecond;
    }

    void play(Capture capture) throws IOException {
        narrator.chapter(5, "A file of " + options.mebibytes() + " MiB over TCP through the tunnel, and a key server killed meanwhile");
        final Path file = workspace.file("file");
        final Path copy = workspace.file("copy");
        SampleFile.create(file, options.mebibytes(), new SecureRandom().nextLong());
        final LabProcess victim = holderOfThePair();
        narrator.say("the pair's key lives at %s, process %d", victim.name(), victim.pid());
        final Namespace siteA = lab.siteA().namespace();
        try (UdpProbe probe = UdpProbe.start(siteA, NetworkDemo.echo(lab.siteB()), PROBE_PERIOD);
             FileTransfer transfer = FileTransfer.start(siteA, lab.siteB().namespace(), new InetSocketAddress(lab.siteB().address(), 0), file, copy)) {
            watchUntil(transfer, KILL_AT_PERCENT);
            victim.kill();
            killedNs = System.nanoTime();
            narrator.say("@|bold kill -9 %d|@: %s is gone; a packet for site-c, a new pair, leaves at this moment", victim.pid(), victim.name());
            try (UdpProbe newPair = UdpProbe.start(siteA, NetworkDemo.echo(siteC), PROBE_PERIOD)) {
                watchUntil(transfer, 100);
                transfer.await(TRANSFER_LIMIT);
                megabitsPerSecond = transfer.megabitsPerSecond();
                arrived(transfer, file, copy);
                capture.close();
                lostNothing(victim, probe, newPair);
            }
        }
        examine(capture, file);
    }

    private LabProcess holderOfThePair() {
        final ManagementClient server = new ManagementClient(lab.keys(), keyServers.getFirst());
        final Object name = server.invoke("type=KeyService,*", "locatePair", lab.siteA().memberId(), lab.siteB().memberId());
        return keyServers.stream().filter(candidate -> candidate.name().equals(name)).findFirst()
            .orElseThrow(() -> new LabException("no key server says that it holds the pair's key: '" + name + "'"));
    }

    private void watchUntil(FileTransfer transfer, int percentWanted) {
        final long size = (long) options.mebibytes() * MEBIBYTE;
        while (true) {
            final boolean ended = transfer.endsWithin(REDRAW);
            final int percent = (int) (transfer.bytes() * 100 / size);
            narrator.progress(percent, "%3d %%  %d of %d MiB  %,.0f Mbit/s", percent, transfer.bytes() / MEBIBYTE, options.mebibytes(),
                transfer.megabitsPerSecond());
            if (ended || percent >= percentWanted) {
                return;
            }
        }
    }

    private void arrived(FileTransfer transfer, Path file, Path copy) throws IOException {
        narrator.say("%d MiB in %.2f s: @|bold %,.0f Mbit/s|@ of file, %s, on this machine", options.mebibytes(), transfer.seconds(),
            transfer.megabitsPerSecond(), options.suite().wireName());
        final String sent = SampleFile.sha256(file);
        final String received = SampleFile.sha256(copy);
        narrator.claim(sent.equals(received), "SHA-256 at both ends: %s", sent.equals(received) ? sent : sent + " and " + received);
    }

    private void lostNothing(LabProcess victim, UdpProbe probe, UdpProbe newPair) {
        narrator.chapter(6, "What the death of " + victim.name() + " did");
        final double newPairSeconds = newPair.awaitFirstAnswer(NEW_PAIR_LIMIT.plusSeconds(5));
        narrator.claim(newPairSeconds >= 0 && newPairSeconds <= NEW_PAIR_LIMIT.toSeconds(),
            "the new pair site-a and site-c had its key %s", newPairSeconds < 0 ? "never" : "%.1f s after the kill".formatted(newPairSeconds));
        final UdpProbe.Result result = probe.stop(Duration.ofSeconds(2));
        narrator.claim(result.lost() == 0 && result.refused() == 0,
            "%d numbered packets every %d ms to site B, through kill and transfer: %d lost (round trip %.1f ms, longest %.0f ms)",
            result.sent(), PROBE_PERIOD.toMillis(), result.lost(), result.meanMs(), result.worstMs());
        keyServers.stream().filter(server -> server != victim).forEach(server ->
            narrator.claim(server.alive(), "%s serves on", server.name()));
        narrator.say("measured over %.1f s since the kill", (System.nanoTime() - killedNs) / 1e9);
    }

    private void examine(Capture capture, Path file) throws IOException {
        narrator.say("back to the file: examining the capture, %d frames, for the file's bytes and Aeron headers at every byte offset", capture.frames());
        final WireAudit.Report wire;
        try (PlaintextIndex index = new PlaintextIndex(file)) {
            wire = WireAudit.of(capture.file(), Site.BEARER_PORT, index);
        }
        narrator.claim(capture.missed() == 0, "the capture is whole: the kernel dropped %d of %d frames", capture.missed(), wire.frames());
        narrator.claim(wire.packets() > 0 && wire.odd() == 0, "%d ESP packets (%d MiB), %d ARP frames, %d others",
            wire.packets(), wire.packetBytes() / MEBIBYTE, wire.arp(), wire.odd());
        wire.oddities().forEach(oddity -> narrator.say("  other: %s", oddity));
        wire.packetsBySpi().forEach((spi, packets) -> narrator.claim(membersByNumber.containsKey(Spi.senderNumber(spi)),
            "SPI 0x%08x: %d packets of %s", spi, packets, membersByNumber.getOrDefault(Spi.senderNumber(spi), "nobody known")));
        narrator.claim(wire.plaintextFound() == 0, "%d pieces of the file in clear", wire.plaintextFound());
        narrator.claim(wire.aeronFound() == 0, "%d Aeron headers in clear", wire.aeronFound());
    }
}
