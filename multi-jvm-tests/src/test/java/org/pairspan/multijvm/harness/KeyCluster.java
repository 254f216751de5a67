package org.pairspan.multijvm.harness;

import org.pairspan.cli.lab.Deployment;
import org.pairspan.cli.lab.LabException;
import org.pairspan.cli.lab.LabProcess;
import org.pairspan.cli.lab.ManagementClient;
import org.pairspan.cli.lab.StarNetwork;
import org.pairspan.cli.lab.TemporaryFolder;
import org.pairspan.postgres.PostgresOptions;
import org.pairspan.postgres.PostgresServer;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Key servers on machines of their own, on a PostgreSQL server of its own machine, with members on another. Each is a namespace, so that
 * any can be cut from any other:
 *
 * <pre>
 *   kms-1   kms-2   kms-3   kms-4     db   members
 *     '-------'-------'--.----'--------'------'
 *                      switch
 * </pre>
 */
public final class KeyCluster implements AutoCloseable {

    public static final String DATABASE = "db";
    public static final String MEMBERS = "members";
    private static final int SERVERS = 3;
    private static final int MACHINES = 4;
    private static final int DATABASE_PORT = 5432;
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);
    private static final long LOOK_EVERY_NS = 300_000_000;

    private final TemporaryFolder folder;
    private final StarNetwork network;
    private final Deployment deployment;
    private final PostgresServer database;
    private final String further;
    private final Map<Integer, LabProcess> servers = new TreeMap<>();
    /** Those that once said that they are; their newest lines tell of other things later. */
    private final Set<LabProcess> ready = new HashSet<>();
    private final List<MemberClient> members = new ArrayList<>();

    private KeyCluster(String further) throws IOException {
        folder = TemporaryFolder.onDisk("pairspan-cluster-");
        if (Boolean.getBoolean("pairspan.keep")) {
            folder.keep();
        }
        final List<String> machines = new ArrayList<>(IntStream.rangeClosed(1, MACHINES).mapToObj(Deployment::keyServerName).toList());
        final List<String> keyServers = List.copyOf(machines);
        machines.addAll(List.of(DATABASE, MEMBERS));
        network = StarNetwork.create(machines);
        network.resources().closing(folder);
        deployment = Deployment.onMachines(network, keyServers, folder.path(), KeyKind.ECDSA_P256, Stream.of(Suite.values()).map(Suite::wireName).toList());
        deployment.useClassData(ClassData.archives());
        database = network.resources().closing(PostgresServer.start(folder.file("postgres"), new PostgresOptions(network.address(DATABASE), DATABASE_PORT,
            List.of("ip", "netns", "exec", network.machine(DATABASE).name()), Map.of())));
        this.further = "journal { url = \"%s\", user = \"%s\", password = \"%s\" }\n%s"
            .formatted(database.jdbcUrl(), database.user(), database.password(), further);
    }

    /** Starts three key servers and waits until each serves. */
    public static KeyCluster start() throws IOException {
        return start("");
    }

    /** As {@link #start()}, with further lines of each key server's configuration. */
    public static KeyCluster start(String further) throws IOException {
        final KeyCluster cluster = new KeyCluster(further);
        try {
            IntStream.rangeClosed(1, SERVERS).forEach(cluster::begin);
            cluster.makeWhole(Deployment.START_LIMIT);
            return cluster;
        } catch (TimeoutException | LabException e) {
            cluster.close();
            throw new IOException("the cluster did not start", e);
        }
    }

    public StarNetwork network() {
        return network;
    }

    public PostgresServer database() {
        return database;
    }

    /** The process of a key server, 1 to 4. */
    public LabProcess server(int number) {
        return servers.get(number);
    }

    /** Numbers of the key servers that have been started, alive or not. */
    public List<Integer> numbers() {
        return List.copyOf(servers.keySet());
    }

    public static String name(int number) {
        return Deployment.keyServerName(number);
    }

    public ManagementClient management(int number) {
        return new ManagementClient(network.machine(name(number)), server(number));
    }

    /** Starts a key server, 1 to 4, and does not wait for it. */
    public void begin(int number) {
        try {
            final List<String> seeds = deployment.keyServerAddresses().subList(0, SERVERS);
            servers.put(number, deployment.startKeyServer(number, seeds, further));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a key server, 1 to 4, and waits until it serves. */
    public void startServer(int number) {
        begin(number);
        Deployment.awaitReady(server(number));
        ready.add(server(number));
    }

    /**
     * Starts those that have ended, as a service manager does, until all serve and see each other.
     *
     * @return the names of those that had ended, once for each time
     */
    public List<String> makeWhole(Duration limit) throws TimeoutException {
        final long start = System.nanoTime();
        final List<String> ended = new ArrayList<>();
        while (System.nanoTime() - start < limit.toNanos()) {
            final List<Integer> down = numbers().stream().filter(number -> !server(number).alive()).toList();
            down.forEach(number -> {
                ended.add(name(number));
                begin(number);
            });
            if (isWhole()) {
                return ended;
            }
            LockSupport.parkNanos(LOOK_EVERY_NS);
        }
        throw new TimeoutException("the cluster is not whole after " + limit.toSeconds() + " s: " + view());
    }

    private boolean isWhole() {
        servers.values().stream().filter(process -> !process.linesWith(" ready: ").isEmpty()).forEach(ready::add);
        if (servers.values().stream().anyMatch(process -> !process.alive() || !ready.contains(process))) {
            return false;
        }
        final List<String> all = numbers().stream().map(number -> network.address(name(number)) + ":7300 Up").sorted().toList();
        return view().values().stream().allMatch(all::equals);
    }

    /** What each key server says of the cluster; one that says nothing is ending. */
    private Map<String, List<String>> view() {
        final Map<String, List<String>> views = new TreeMap<>();
        servers.keySet().forEach(number -> views.put(name(number), view(number)));
        return views;
    }

    private List<String> view(int number) {
        try {
            final Object seen = management(number).read("type=KeyService,*").values().iterator().next().get("ClusterMembers");
            return List.of((String[]) seen);
        } catch (LabException | NoSuchElementException e) {
            return List.of("says nothing: " + e.getMessage());
        }
    }

    /** Enrols members named {@code prefix-0} and so on, each behind 172.(16 + block).x.0/24, and connects them from their machine. */
    public List<MemberClient> members(String prefix, int block, int count, Suite suite, AnswerBook book) throws IOException {
        final List<InetSocketAddress> addresses = deployment.keyServerAddresses().subList(0, SERVERS).stream()
            .map(address -> new InetSocketAddress(address, Deployment.memberPort())).toList();
        final List<MemberClient> made = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            final String id = prefix + "-" + number;
            final String net = "172." + (16 + block) + "." + number;
            deployment.pki().issueMember(id, List.of(net + ".0/24"));
            final TlsContexts tls = TlsContexts.of(TlsIdentity.load(deployment.pki().certificate(id), deployment.pki().privateKey(id),
                deployment.pki().authority()));
            made.add(new MemberClient(network.machine(MEMBERS), id, 1_000L + number, IpPrefix.parse(net + ".0/24"), new InetSocketAddress(net + ".1", 4710),
                suite, tls, addresses, number % SERVERS, book));
        }
        members.addAll(made);
        return made;
    }

    /** Ends a key server in order (SIGTERM): it hands over its pairs and leaves the cluster. */
    public void stopServer(int number) {
        server(number).stop(STOP_LIMIT);
    }

    /** Ends a key server in order, for good. */
    public void removeServer(int number) {
        stopServer(number);
        servers.remove(number);
    }

    /** The audit files of all key servers, living or not. */
    public List<Path> auditFiles() throws IOException {
        try (Stream<Path> files = Files.list(folder.path())) {
            return files.filter(file -> file.getFileName().toString().startsWith("audit-")).sorted().toList();
        }
    }

    @Override
    public void close() {
        members.forEach(MemberClient::close);
        network.close();
    }
}
