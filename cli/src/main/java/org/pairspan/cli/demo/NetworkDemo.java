package org.pairspan.cli.demo;

import org.pairspan.cli.lab.Capture;
import org.pairspan.cli.lab.Deployment;
import org.pairspan.cli.lab.LabException;
import org.pairspan.cli.lab.LabProcess;
import org.pairspan.cli.lab.ManagementClient;
import org.pairspan.cli.lab.NetworkLab;
import org.pairspan.cli.lab.Site;
import org.pairspan.cli.lab.TemporaryFolder;
import org.pairspan.cli.lab.traffic.UdpEcho;
import org.pairspan.cli.lab.traffic.UdpProbe;
import org.pairspan.cli.lab.wire.WireAudit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The demo in network namespaces: real processes, real devices, a real link that is watched. The chapters stand in their order. */
final class NetworkDemo {

    /** As a shell says of a program that was ended by Ctrl-C. */
    static final int INTERRUPTED = 130;

    private static final int ECHO_PORT = 7777;
    private static final String NOBODY = "10.9.9.9";

    private final DemoOptions options;
    private final Narrator narrator;
    private final String where;

    NetworkDemo(DemoOptions options, Narrator narrator, String where) {
        this.options = options;
        this.narrator = narrator;
        this.where = where;
    }

    /** Runs it; the exit code is 0 when every claim held. */
    int run() throws IOException {
        final TemporaryFolder workspace = TemporaryFolder.onDisk("pairspan-demo-");
        if (options.keep()) {
            workspace.keep();
        }
        try (NetworkLab lab = NetworkLab.create()) {
            lab.closing(workspace);
            narrator.say("Pairspan in %s; everything it makes is in %s", where, workspace.path());
            try {
                play(lab, workspace);
            } catch (LabException e) {
                if (lab.resources().ending()) {
                    return INTERRUPTED;
                }
                narrator.claim(false, "%s", e.getMessage());
            }
            if (!narrator.allHeld()) {
                workspace.keep();
            }
        }
        if (!narrator.allHeld() || options.keep()) {
            narrator.say("logs, capture and configuration files are left in %s", workspace.path());
        }
        narrator.say(narrator.allHeld() ? "All of it held. Nothing else is left behind." : "@|bold,red Not all of it held.|@");
        return narrator.allHeld() ? 0 : 1;
    }

    private void play(NetworkLab lab, TemporaryFolder workspace) throws IOException {
        final Site siteC = lab.addSiteC();
        final List<Site> sites = List.of(lab.siteA(), lab.siteB(), siteC);
        final Deployment deployment = certificates(lab, workspace, sites);
        final List<LabProcess> keyServers = keyServers(deployment);
        final Capture capture = lab.closing(Capture.start(lab.siteA().namespace(), "wire", workspace.file("wire.pcap")));
        final List<LabProcess> nodes = nodes(deployment, sites);
        for (final Site site : List.of(lab.siteB(), siteC)) {
            lab.closing(UdpEcho.start(site.namespace(), echo(site)));
        }
        final ManagementClient nodeA = new ManagementClient(lab.siteA().namespace(), nodes.getFirst());
        firstPacket(lab, capture, nodeA);
        final TransferScene transfer = new TransferScene(options, narrator, lab, workspace, siteC, keyServers,
            membersByNumber(nodeA, new ManagementClient(lab.siteB().namespace(), nodes.get(1))));
        transfer.play(capture);
        new SummaryTable(narrator).print(nodeA, lab.siteA().memberId(), lab.siteB().memberId(), transfer.megabitsPerSecond());
    }

    /** The members at the watched link, by the number that their SPIs begin with. */
    private static Map<Integer, String> membersByNumber(ManagementClient... nodes) {
        final Map<Integer, String> members = new TreeMap<>();
        for (final ManagementClient node : nodes) {
            node.read("type=Node,*").values().forEach(bean -> members.put((Integer) bean.get("MemberNumber"), (String) bean.get("Id")));
        }
        return members;
    }

    private Deployment certificates(NetworkLab lab, TemporaryFolder workspace, List<Site> sites) throws IOException {
        narrator.chapter(1, "A certificate authority, and one certificate for each key server and member");
        narrator.byHand("pairspan pki ca --dir pki; pairspan pki member site-a --prefix 10.1.0.0/16 --prefix fd00:1::/32 --dir pki");
        final Deployment deployment = new Deployment(lab, workspace.path(), options.certificates(), List.of(options.suite().wireName()));
        for (final Site site : sites) {
            deployment.enrol(site);
            narrator.say("member %s may speak for %s", site.memberId(), String.join(" and ", site.prefixes()));
        }
        narrator.say("all keys are %s; links between members and key servers are TLS 1.3 with certificates at both ends",
            options.certificates().word());
        return deployment;
    }

    private List<LabProcess> keyServers(Deployment deployment) throws IOException {
        narrator.chapter(2, "Three key servers, three processes, one cluster, one embedded journal");
        narrator.byHand("pairspan kms --config kms-1.conf");
        final List<LabProcess> servers = deployment.startKeyServers();
        servers.forEach(server -> narrator.say("%s, process %d, serves members", server.name(), server.pid()));
        return servers;
    }

    private List<LabProcess> nodes(Deployment deployment, List<Site> sites) throws IOException {
        narrator.chapter(3, "Sites in network namespaces, one tunnel node each");
        narrator.say("site-a 10.1.0.0/16 --- 192.0.2.0/24, watched from now on --- site-b 10.2.0.0/16");
        narrator.byHand("pairspan node --config site-a.conf");
        final List<LabProcess> nodes = new ArrayList<>();
        for (final Site site : sites) {
            nodes.add(deployment.startNode(site));
        }
        nodes.forEach(node -> narrator.say("%s", Deployment.awaitReady(node)));
        return nodes;
    }

    private void firstPacket(NetworkLab lab, Capture capture, ManagementClient nodeA) throws IOException {
        narrator.chapter(4, "The first packet from site A to site B");
        try (UdpProbe unowned = UdpProbe.start(lab.siteA().namespace(), new InetSocketAddress(NOBODY, ECHO_PORT), Duration.ofMillis(20))) {
            unowned.awaitAnswer(Duration.ofMillis(500));
            final int sent = unowned.stop(Duration.ZERO).sent();
            final WireAudit.Report before = audit(capture);
            narrator.claim(before.packets() == 0 && before.odd() == 0,
                "%d packets to %s, which no member owns: nothing on the wire (%d ARP frames apart)", sent, NOBODY, before.arp());
        }
        final long start = System.nanoTime();
        try (UdpProbe probe = UdpProbe.start(lab.siteA().namespace(), echo(lab.siteB()), Duration.ofMillis(10))) {
            final boolean answered = probe.awaitAnswer(Duration.ofSeconds(10));
            final double firstMs = (System.nanoTime() - start) / 1e6;
            narrator.claim(answered, "its answer came after %.0f ms: address looked up, pair key and association made, stored, at both nodes",
                firstMs);
            for (int i = 0; i < 30 && answered; i++) {
                probe.awaitAnswer(Duration.ofSeconds(1));
            }
            final UdpProbe.Result result = probe.stop(Duration.ofSeconds(2));
            narrator.claim(result.lost() == 0, "%d packets sent since, %d answered: the first ones waited for their key", result.sent(), result.answered());
        }
        final WireAudit.Report wire = audit(capture);
        narrator.claim(wire.clean() && wire.packets() > 0,
            "on the wire since A's node started: %d ESP packets, %d ARP frames, %d others. Nothing left A unprotected",
            wire.packets(), wire.arp(), wire.odd());
        wire.oddities().forEach(oddity -> narrator.say("  other: %s", oddity));
        for (final Map<String, Object> peer : peers(nodeA).values()) {
            narrator.say("site-a has a key with %s: version %s, generation %s, %s", peer.get("Id"), peer.get("KeyVersion"),
                peer.get("Generation"), peer.get("Suite"));
        }
    }

    /** A node refreshes the beans of its peers twice a second, so the first may take a moment. */
    private static Map<String, Map<String, Object>> peers(ManagementClient node) {
        Map<String, Map<String, Object>> peers = node.read("type=Peer,*");
        final long start = System.nanoTime();
        while (peers.isEmpty() && System.nanoTime() - start < Duration.ofSeconds(2).toNanos()) {
            peers = node.read("type=Peer,*");
        }
        return peers;
    }

    /** The capture so far. */
    private static WireAudit.Report audit(Capture capture) throws IOException {
        capture.sync();
        return WireAudit.of(capture.file(), Site.BEARER_PORT, null);
    }

    static InetSocketAddress echo(Site site) {
        return new InetSocketAddress(site.address(), ECHO_PORT);
    }
}
