package org.pairspan.benchmarks.kms;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.pairspan.cli.lab.JavaCommand;
import org.pairspan.cli.lab.LabPki;
import org.pairspan.cli.lab.LabProcess;
import org.pairspan.cli.lab.ManagementClient;
import org.pairspan.postgres.ListeningPort;
import org.pairspan.postgres.PostgresServer;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.tls.TlsContexts;
import org.pairspan.runtime.tls.TlsIdentity;

/** Key servers as processes of this machine, and the members that connect to them. */
final class LoadedService implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(180);
    private static final long INCARNATION = 1_000;
    private static final int ATTEMPTS = 10;

    private final Path folder;
    private final LabPki pki;
    private final List<LabProcess> servers = new ArrayList<>();
    private final List<InetSocketAddress> links = new ArrayList<>();

    /** @param postgres null for the embedded journal */
    LoadedService(Path folder, LoadOptions options, PostgresServer postgres) throws IOException {
        this.folder = folder;
        pki = new LabPki(folder.resolve("pki"), KeyKind.ECDSA_P256);
        List<InetSocketAddress> cluster = new ArrayList<>();
        for (int i = 0; i < options.servers(); i++) {
            cluster.add(freePort());
            links.add(freePort());
        }
        String seeds = cluster.stream().map(address -> "\"127.0.0.1:" + address.getPort() + '"').collect(Collectors.joining(", ", "[", "]"));
        String journal = postgres == null ? "file = \"" + folder.resolve("journal.db") + '"'
                : "url = \"%s\", user = \"%s\", password = \"%s\"".formatted(postgres.jdbcUrl(), postgres.user(), postgres.password());
        for (int i = 0; i < options.servers(); i++) {
            String name = "kms-" + (i + 1);
            pki.issueKms(name);
            Path file = Files.writeString(folder.resolve(name + ".conf"), """
                    pairspan.kms {
                      name = "%s"
                      identity { certificate = "%s", private-key = "%s", authority = "%s" }
                      cluster { host = "127.0.0.1", port = %d, seeds = %s }
                      member-link { host = "127.0.0.1", port = %d, max-unauthenticated-of-one-address = 1024, registration-timeout = 1 m,
                        idle-timeout = 1 h }
                      journal { %s }
                      sealing.master-key-file = "%s"
                      audit.file = "%s"
                      %s
                    }
                    """.formatted(name, pki.certificate(name), pki.privateKey(name), pki.authority(), cluster.get(i).getPort(), seeds,
                    links.get(i).getPort(), journal, pki.masterKey(), folder.resolve("audit-" + name + ".jsonl"), options.settings()));
            servers.add(LabProcess.start(null, name, folder.resolve("logs"),
                    JavaCommand.of(options.keyServerJvm(), "org.pairspan.cli.Main", List.of("kms", "--config", file.toString()))));
        }
    }

    /** Waits until all key servers can serve. */
    void awaitReady() {
        servers.forEach(server -> server.awaitLine(" ready: ", START_LIMIT));
    }

    /** Enrols and connects a member; its number decides which server it connects to. */
    LoadMember member(int number) {
        String id = "m" + number;
        IpPrefix prefix = IpPrefix.parse("10." + (number >> 16) + '.' + (number >> 8 & 255) + '.' + (number & 255) + "/32");
        try {
            synchronized (pki) {
                pki.issueMember(id, List.of(prefix.toString()));
            }
            TlsContexts tls = TlsContexts.of(TlsIdentity.load(pki.certificate(id), pki.privateKey(id), pki.authority()));
            return connect(tls, links.get(number % links.size()), prefix, INCARNATION + number);
        } catch (IOException e) {
            throw new UncheckedIOException(id + " does not connect", e);
        }
    }

    /** A key server that has just started may refuse a registration that takes too long: the member comes again, as nodes do. */
    private static LoadMember connect(TlsContexts tls, InetSocketAddress server, IpPrefix prefix, long incarnation) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return new LoadMember(tls, server, prefix, incarnation);
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** Heap in use after a collection of each server, MiB. */
    List<Long> heaps() {
        return servers.stream().map(server -> new ManagementClient(null, server).heapAfterCollection() >> 20).toList();
    }

    /** The attributes of each server's bean. */
    List<Map<String, Object>> statistics() {
        return servers.stream().map(server -> new ManagementClient(null, server).read("type=KeyService,*").values().iterator().next()).toList();
    }

    /** Processes of the servers, for profilers. */
    List<Long> pids() {
        return servers.stream().map(LabProcess::pid).toList();
    }

    Path folder() {
        return folder;
    }

    @Override
    public void close() {
        servers.forEach(LabProcess::close);
    }

    private static InetSocketAddress freePort() {
        return new InetSocketAddress("127.0.0.1", ListeningPort.free("127.0.0.1"));
    }
}
