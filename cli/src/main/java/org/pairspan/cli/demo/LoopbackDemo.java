package org.pairspan.cli.demo;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.pairspan.cli.lab.Deployment;
import org.pairspan.cli.lab.LabException;
import org.pairspan.cli.lab.LabProcess;
import org.pairspan.cli.lab.LabResources;
import org.pairspan.cli.lab.ManagementClient;
import org.pairspan.cli.lab.TemporaryFolder;
import org.pairspan.cli.lab.traffic.MemoryHost;
import org.pairspan.cli.lab.traffic.MemoryProbe;
import org.pairspan.cli.lab.traffic.MemoryTransfer;
import org.pairspan.cli.lab.traffic.SampleFile;
import org.pairspan.node.app.TunnelNode;
import org.pairspan.node.device.InMemoryDevice;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The demo where this process may make neither namespaces nor devices: key servers as processes on loopback addresses, nodes in this
 * process with devices in memory, datagrams over loopback. A capture would need privileges too, so the wire is not examined.
 */
final class LoopbackDemo {

    /** Loopback addresses of this process's own, so that two demos do not meet. */
    private static final String NETWORK = "127.%d.%d.".formatted(1 + ProcessHandle.current().pid() / 250 % 250, ProcessHandle.current().pid() % 250);
    private static final List<String> KEY_SERVERS = List.of(NETWORK + 1, NETWORK + 2, NETWORK + 3);
    private static final int FIRST_NODE = 10;
    private static final int MTU = 16 * 1024;
    private static final int MEBIBYTE = 1 << 20;
    private static final int KILL_AT_PERCENT = 35;
    private static final Duration TRANSFER_LIMIT = Duration.ofSeconds(90);
    private static final Duration NEW_PAIR_LIMIT = Duration.ofSeconds(10);
    private static final Duration PROBE_PERIOD = Duration.ofMillis(10);

    private final DemoOptions options;
    private final Narrator narrator;

    /** A node of this process with a host behind it. */
    private record Place(String id, byte[] address, TunnelNode node, MemoryHost host) {
    }

    LoopbackDemo(DemoOptions options, Narrator narrator) {
        this.options = options;
        this.narrator = narrator;
    }

    /** Runs it; the exit code is 0 when every claim held. */
    int run() throws IOException {
        // The nodes share this terminal with the story; what goes wrong in them is still told.
        ((Logger) LoggerFactory.getLogger("org.pairspan")).setLevel(Level.ERROR);
        try (LabResources resources = new LabResources()) {
            final TemporaryFolder workspace = resources.closing(TemporaryFolder.onDisk("pairspan-demo-"));
            if (options.keep()) {
                workspace.keep();
            }
            narrator.say("@|bold No root here and no user namespace with devices|@, so: loopback, nodes in this process, devices in memory.");
            narrator.say("Run it as root to see real devices, a real link and a capture of it. Everything it makes is in %s", workspace);
            try {
                play(resources, workspace);
            } catch (LabException e) {
                if (resources.ending()) {
                    return NetworkDemo.INTERRUPTED;
                }
                narrator.claim(false, "%s", e.getMessage());
            }
            if (!narrator.allHeld()) {
                workspace.keep();
            }
            if (!narrator.allHeld() || options.keep()) {
                narrator.say("logs and configuration files are left in %s", workspace);
            }
        }
        narrator.say(narrator.allHeld() ? "All of it held." : "@|bold,red Not all of it held.|@");
        return narrator.allHeld() ? 0 : 1;
    }

    private void play(LabResources resources, TemporaryFolder workspace) throws IOException {
        narrator.chapter(1, "A certificate authority, and one certificate for each key server and member");
        final Deployment deployment = new Deployment(resources, null, KEY_SERVERS, workspace.path(), options.certificates(),
            List.of(options.suite().wireName()));
        narrator.say("all keys are %s", options.certificates().word());

        narrator.chapter(2, "Three key servers, three processes, one cluster, one embedded journal");
        final List<LabProcess> servers = deployment.startKeyServers();
        servers.forEach(server -> narrator.say("%s, process %d, serves members", server.name(), server.pid()));

        narrator.chapter(3, "Sites, one tunnel node each");
        final Place siteA = place(resources, deployment, 1);
        final Place siteB = place(resources, deployment, 2);
        final Place siteC = place(resources, deployment, 3);

        narrator.chapter(4, "The first packet from site A to site B");
        try (MemoryProbe first = new MemoryProbe(siteA.host, 10_001, siteB.host, siteB.address, PROBE_PERIOD)) {
            final double seconds = first.awaitFirstAnswer(NEW_PAIR_LIMIT);
            narrator.claim(seconds >= 0, "its answer came after %.0f ms: address looked up, pair key and association made, stored, at both nodes",
                seconds * 1e3);
            final int sent = first.stop(Duration.ofSeconds(2));
            narrator.claim(first.answered() == sent, "%d packets sent since, %d answered: the first ones waited for their key", sent, first.answered());
        }
        transfer(workspace, servers, siteA, siteB, siteC);
    }

    private Place place(LabResources resources, Deployment deployment, int number) throws IOException {
        final String id = "site-" + (char) ('a' + number - 1);
        final Path config = deployment.memoryNode(id, List.of("10." + number + ".0.0/16"), NETWORK + (FIRST_NODE + number), MTU);
        final TunnelNode node = resources.closing(TunnelNode.start(config, System.out::println));
        final byte[] address = {10, (byte) number, 0, 1};
        return new Place(id, address, node, resources.closing(new MemoryHost((InMemoryDevice) node.device(), address)));
    }

    private void transfer(TemporaryFolder workspace, List<LabProcess> servers, Place siteA, Place siteB, Place siteC) throws IOException {
        narrator.chapter(5, "A file of " + options.mebibytes() + " MiB through the tunnel, and a key server killed meanwhile");
        final Path file = workspace.file("file");
        final Path copy = workspace.file("copy");
        SampleFile.create(file, options.mebibytes(), new SecureRandom().nextLong());
        final Object holder = new ManagementClient(null, servers.getFirst()).invoke("type=KeyService,*", "locatePair", siteA.id, siteB.id);
        final LabProcess victim = servers.stream().filter(server -> server.name().equals(holder)).findFirst()
            .orElseThrow(() -> new LabException("no key server says that it holds the pair's key: '" + holder + "'"));
        final MemoryTransfer transfer = new MemoryTransfer(siteA.host, siteB.host, siteB.address, file, copy);
        final double megabitsPerSecond;
        try (MemoryProbe probe = new MemoryProbe(siteA.host, 10_002, siteB.host, siteB.address, PROBE_PERIOD)) {
            final long start = System.nanoTime();
            final CompletableFuture<Void> done = CompletableFuture.runAsync(() -> send(transfer));
            watch(transfer, done, KILL_AT_PERCENT, start);
            victim.kill();
            narrator.say("@|bold kill -9 %d|@: %s, which held the pair's key, is gone", victim.pid(), victim.name());
            try (MemoryProbe newPair = new MemoryProbe(siteA.host, 10_003, siteC.host, siteC.address, PROBE_PERIOD)) {
                watch(transfer, done, 100, start);
                megabitsPerSecond = transfer.bytes() * 8e3 / (System.nanoTime() - start);
                narrator.say("@|bold %,.0f Mbit/s|@ of file, %s, on this machine; %d packets sent again", megabitsPerSecond,
                    options.suite().wireName(), transfer.resent());
                final String sent = SampleFile.sha256(file);
                narrator.claim(sent.equals(SampleFile.sha256(copy)), "SHA-256 at both ends: %s", sent);
                narrator.chapter(6, "What the death of " + victim.name() + " did");
                final double seconds = newPair.awaitFirstAnswer(NEW_PAIR_LIMIT.plusSeconds(5));
                narrator.claim(seconds >= 0 && seconds <= NEW_PAIR_LIMIT.toSeconds(), "the new pair site-a and site-c had its key %s",
                    seconds < 0 ? "never" : "%.1f s after the kill".formatted(seconds));
            }
            final int probes = probe.stop(Duration.ofSeconds(2));
            narrator.claim(probe.answered() == probes, "%d numbered packets to site B, through kill and transfer: %d lost", probes,
                probes - probe.answered());
        }
        new SummaryTable(narrator).print(ManagementClient.ofThisProcess(), siteA.id, siteB.id, megabitsPerSecond);
    }

    private static void send(MemoryTransfer transfer) {
        try {
            transfer.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void watch(MemoryTransfer transfer, CompletableFuture<Void> done, int percentWanted, long startNs) {
        final long size = (long) options.mebibytes() * MEBIBYTE;
        while (System.nanoTime() - startNs < TRANSFER_LIMIT.toNanos()) {
            final int percent = (int) (transfer.bytes() * 100 / size);
            narrator.progress(percent, "%3d %%  %d of %d MiB  %,.0f Mbit/s", percent, transfer.bytes() / MEBIBYTE, options.mebibytes(),
                transfer.bytes() * 8e3 / (System.nanoTime() - startNs));
            if (done.isDone() || percent >= percentWanted && percentWanted < 100) {
                return;
            }
            try {
                done.get(100, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                continue;
            } catch (ExecutionException e) {
                throw new LabException("the transfer failed: " + e.getCause(), e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LabException("interrupted while a file was on its way", e);
            }
        }
        throw new LabException("the transfer did not end within " + TRANSFER_LIMIT.toSeconds() + " s");
    }
}
