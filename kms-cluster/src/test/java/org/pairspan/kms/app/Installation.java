package org.pairspan.kms.app;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.pairspan.kms.sealing.MasterKey;
import org.pairspan.postgres.ListeningPort;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.pki.CertificateAuthority;
import org.pairspan.runtime.tls.TlsContexts;
import org.pairspan.runtime.tls.TlsIdentity;

/** An authority, a master key and configurations of key servers in one folder. They leave members the time that a busy machine takes. */
final class Installation {

    private static final Duration VALIDITY = Duration.ofDays(1);

    private final Path folder;
    private final String prefix;
    private final KeyKind kind;
    private final CertificateAuthority authority;
    private final List<InetSocketAddress> cluster = new ArrayList<>();
    private final List<InetSocketAddress> links = new ArrayList<>();

    Installation(Path folder, KeyKind kind, int servers) throws IOException {
        this(folder, kind, servers, "kms");
    }

    /** With key servers named {@code <prefix>-1} and so on. */
    Installation(Path folder, KeyKind kind, int servers, String prefix) throws IOException {
        this.folder = folder;
        this.prefix = prefix;
        this.kind = kind;
        authority = CertificateAuthority.create("test authority", kind, VALIDITY.multipliedBy(2), Clock.systemUTC());
        authority.own().write(folder, "authority");
        MasterKey.create(folder.resolve("master.key"));
        for (int i = 0; i < servers; i++) {
            cluster.add(freePort());
            links.add(freePort());
        }
        for (int i = 0; i < servers; i++) {
            String name = name(i);
            authority.issueKms(name, kind, List.of("127.0.0.1"), VALIDITY).write(folder, name);
            Files.writeString(configuration(i), """
                    pairspan.kms {
                      name = "%s"
                      identity { certificate = "%s.crt", private-key = "%s.key", authority = "authority.crt" }
                      cluster { host = "127.0.0.1", port = %d, seeds = [%s] }
                      member-link { host = "127.0.0.1", port = %d, registration-timeout = 1 m }
                      sealing { master-key-file = "master.key" }
                    }
                    """.formatted(name, name, name, cluster.get(i).getPort(), seeds(), links.get(i).getPort()));
        }
    }

    private String seeds() {
        return cluster.stream().map(address -> "\"127.0.0.1:" + address.getPort() + '"').collect(Collectors.joining(", "));
    }

    private String name(int index) {
        return prefix + "-" + (index + 1);
    }

    /** Starts a server on a thread of its own: a start waits for much. */
    CompletableFuture<KeyServer> starting(int index) {
        CompletableFuture<KeyServer> started = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("start of " + name(index)).start(() -> {
            try {
                started.complete(KeyServer.start(configuration(index), System.out::println));
            } catch (RuntimeException e) {
                started.completeExceptionally(e);
            }
        });
        return started;
    }

    Path configuration(int index) {
        return folder.resolve(name(index) + ".conf");
    }

    Path folder() {
        return folder;
    }

    InetSocketAddress memberLink(int index) {
        return links.get(index);
    }

    /** TLS of a member that may register these prefixes. */
    TlsContexts member(String id, String... prefixes) throws IOException {
        authority.issueMember(id, kind, Arrays.stream(prefixes).map(IpPrefix::parse).toList(), VALIDITY).write(folder, id);
        return TlsContexts.of(TlsIdentity.load(folder.resolve(id + ".crt"), folder.resolve(id + ".key"), folder.resolve("authority.crt")));
    }

    static InetSocketAddress freePort() {
        return new InetSocketAddress("127.0.0.1", ListeningPort.free("127.0.0.1"));
    }
}
