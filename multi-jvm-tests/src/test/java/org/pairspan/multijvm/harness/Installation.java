package org.pairspan.multijvm.harness;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.pairspan.cli.lab.Deployment;
import org.pairspan.cli.lab.KeyDelivery;
import org.pairspan.cli.lab.LabAccess;
import org.pairspan.cli.lab.LabProcess;
import org.pairspan.cli.lab.LineEnds;
import org.pairspan.cli.lab.ManagementClient;
import org.pairspan.cli.lab.NetworkLab;
import org.pairspan.cli.lab.Site;
import org.pairspan.cli.lab.TemporaryFolder;
import org.pairspan.cli.lab.line.LongLine;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.tls.TlsContexts;
import org.pairspan.runtime.tls.TlsIdentity;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * One network, three key servers, the nodes of site A and site B, and a certificate for site C: started once, shared by the scenarios,
 * which leave it as they found it (a killed key server is started again). At its end nothing may be left of it.
 *
 * <p>With {@code -Dpairspan.keep=true} its folder stays, with the logs of all processes. A test class asks for it with {@link Scenario} and a parameter of this type.
 */
public final class Installation implements AutoCloseable {

    /** Every link that dies with its server is a warning to the TLS library; held here, because loggers are collected. */
    private static final Logger TLS_LOG = Logger.getLogger("org.bouncycastle");

    static {
        TLS_LOG.setLevel(Level.SEVERE);
    }

    /** Every suite there is; a pair gets the first unless a node asks for others. */
    private static final List<String> SUITES = Stream.of(Suite.values()).map(Suite::wireName).toList();
    /** Of the left site of the long line. */
    private static final int LINE_NUMBER = 11;

    private final TemporaryFolder folder;
    private final NetworkLab lab;
    private final Deployment deployment;
    private final KeyDelivery delivery;
    private final Site siteC;
    private final LabProcess[] keyServers;
    private final LabProcess nodeA;
    private final LabProcess nodeB;
    private LineEnds lineEnds;
    private LongLine line;

    private Installation() throws IOException {
        folder = TemporaryFolder.onDisk("pairspan-tests-");
        lab = NetworkLab.create();
        if (Boolean.getBoolean("pairspan.keep")) {
            folder.keep();
        }
        lab.closing(folder);
        siteC = lab.addSiteC();
        deployment = new Deployment(lab, folder.path(), KeyKind.SM2, SUITES);
        deployment.useClassData(ClassData.archives());
        deployment.enrol(lab.siteA());
        deployment.enrol(lab.siteB());
        deployment.enrol(siteC);
        delivery = deployment.deliverKeys(List.of("sae-a", "sae-b", "sae-c"));
        keyServers = deployment.startKeyServers().toArray(LabProcess[]::new);
        nodeA = deployment.startNode(lab.siteA());
        nodeB = deployment.startNode(lab.siteB());
        Deployment.awaitReady(nodeA);
        Deployment.awaitReady(nodeB);
    }

    /** Hands the one installation to the test classes, or skips them where this machine does not allow it. */
    public static final class Shared implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Installation.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            assumeTrue(LabAccess.find() == LabAccess.DIRECT, "needs root: network namespaces and TUN devices");
            return context.getRoot().getStore(ExtensionContext.Namespace.create(Installation.class))
                .getOrComputeIfAbsent(Installation.class, type -> start(), Installation.class);
        }

        private static Installation start() {
            try {
                return new Installation();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Skips the test that calls this where a program it uses is not installed. */
    public static void needs(String program) {
        assumeTrue(Stream.of(System.getenv("PATH").split(":")).anyMatch(folder -> Files.isExecutable(Path.of(folder, program))),
            program + " is not installed");
    }

    public NetworkLab lab() {
        return lab;
    }

    public Deployment deployment() {
        return deployment;
    }

    /** Keys over ETSI GS QKD 014, for three SAEs. */
    public KeyDelivery delivery() {
        return delivery;
    }

    public Site siteC() {
        return siteC;
    }

    public LabProcess nodeA() {
        return nodeA;
    }

    public LabProcess nodeB() {
        return nodeB;
    }

    public ManagementClient managementOf(Site site, LabProcess node) {
        return new ManagementClient(site.namespace(), node);
    }

    /** Two enrolled sites without nodes, to be joined by {@link #line}; made when they are first asked for. Needs {@code ethtool}. */
    public synchronized LineEnds lineEnds() throws IOException {
        needs("ethtool");
        if (lineEnds == null) {
            lineEnds = lab.addLine(LINE_NUMBER);
            deployment.enrol(lineEnds.left());
            deployment.enrol(lineEnds.right());
        }
        return lineEnds;
    }

    /** The line between those sites, which changes nothing of what passes until it is told to. */
    public synchronized LongLine line() throws IOException {
        if (line == null) {
            line = LongLine.start(lab, lineEnds(), deployment.logs());
        }
        line.restore();
        return line;
    }

    /** A file in the installation's folder. */
    public Path file(String name) {
        return folder.file(name);
    }

    /** A key server's beans. */
    public ManagementClient managementOfKeyServer(int number) {
        return new ManagementClient(lab.keys(), keyServers[number - 1]);
    }

    /** The process of a key server, 1 to 3. */
    public long pidOfKeyServer(int number) {
        return keyServers[number - 1].pid();
    }

    /** Kills a key server, 1 to 3, and waits until it is gone. */
    public void killKeyServer(int number) {
        keyServers[number - 1].kill();
    }

    /** Starts a killed key server again and waits until it serves. */
    public void restartKeyServer(int number) throws IOException {
        startKeyServerAgain(number);
        awaitKeyServer(number);
    }

    /** As {@link #restartKeyServer}, and does not wait until it serves. */
    public void startKeyServerAgain(int number) throws IOException {
        keyServers[number - 1] = deployment.startKeyServer(number);
    }

    /** Waits until a key server serves. */
    public void awaitKeyServer(int number) {
        Deployment.awaitReady(keyServers[number - 1]);
    }

    /** Starts all key servers again after they were killed, and waits until each serves. */
    public void restartKeyServers() throws IOException {
        for (int number = 1; number <= keyServers.length; number++) {
            keyServers[number - 1] = deployment.startKeyServer(number);
        }
        Stream.of(keyServers).forEach(Deployment::awaitReady);
    }

    /** Enrols members named {@code prefix-0} and so on, each behind 172.(16 + block).x.0/24, and connects them from site A's namespace. */
    public List<MemberClient> members(String prefix, int block, int count, AnswerBook book) throws IOException {
        final List<MemberClient> members = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            final String address = "172." + (16 + block) + "." + number;
            members.add(member(prefix + "-" + number, address + ".0/24", new InetSocketAddress(address + ".1", Site.BEARER_PORT), number, book));
        }
        return members;
    }

    /**
     * Enrols one member and connects it from site A's namespace.
     *
     * @param granted what is behind it
     * @param bearer where it says that its UDP port is
     * @param number gives the key server tried first
     */
    public MemberClient member(String id, String granted, InetSocketAddress bearer, int number, AnswerBook book) throws IOException {
        final List<InetSocketAddress> servers = deployment.keyServerAddresses().stream()
            .map(address -> new InetSocketAddress(address, Deployment.memberPort())).toList();
        deployment.pki().issueMember(id, List.of(granted));
        final TlsContexts tls = TlsContexts.of(TlsIdentity.load(deployment.pki().certificate(id), deployment.pki().privateKey(id),
            deployment.pki().authority()));
        return new MemberClient(lab.siteA().namespace(), id, number + 1L, IpPrefix.parse(granted), bearer, tls, servers, number % servers.size(), book);
    }

    @Override
    public void close() {
        lab.close();
        final String ours = "pairspan-" + ProcessHandle.current().pid() + "-";
        final List<String> left = NetworkLab.leftNamespaces().stream().filter(name -> name.startsWith(ours)).toList();
        final List<Long> children = ProcessHandle.current().children().filter(ProcessHandle::isAlive).map(ProcessHandle::pid).toList();
        if (!left.isEmpty() || !children.isEmpty()) {
            throw new IllegalStateException("left behind: namespaces " + left + ", processes " + children);
        }
    }
}
