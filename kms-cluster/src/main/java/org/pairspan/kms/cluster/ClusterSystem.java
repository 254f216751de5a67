package org.pairspan.kms.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.remote.artery.tcp.SSLEngineProviderSetup;
import org.pairspan.kms.config.KmsSettings.ClusterAddress;
import org.pairspan.runtime.tls.TlsContexts;

/** Starts the actor system of a key server, which joins the cluster by itself. */
public final class ClusterSystem {

    private static final String NAME = "pairspan-kms";

    private ClusterSystem() {
    }

    /**
     * @param journalConfig what Pekko Persistence must know of the journal
     * @param journalId     servers with another id are not joined
     * @param row           the journal's, by which clusters exclude each other; closed with the system
     */
    public static ActorSystem<Void> start(ClusterAddress address, TlsContexts tls, Config journalConfig,
            byte[] journalId, ClusterRow row) {
        ActorSystemSetup setup = ActorSystemSetup.create(
                BootstrapSetup.create(config(address, journalConfig, journalId)),
                SSLEngineProviderSetup.create(system -> new ClusterTls(tls)));
        Behavior<Void> guardian = Behaviors.setup(context -> {
            var probe = context.spawn(DeadServerProbe.create(), "dead-server-probe");
            List<Address> seeds = address.seeds().stream().map(ClusterSystem::address).toList();
            var keeper = context.spawn(StandingKeeper.create(seeds, row, probe), StandingKeeper.NAME,
                    DispatcherSelector.fromConfig("pekko.actor.internal-dispatcher"));
            context.spawn(Founding.create(seeds, row, keeper), "founding");
            return Behaviors.empty();
        });
        ActorSystem<Void> system = ActorSystem.create(guardian, NAME, setup);
        OverdueStreams.endWith(system, OverdueStreams.PATIENCE);
        system.getWhenTerminated().thenRun(row::close);
        return system;
    }

    static Config config(ClusterAddress address, Config journalConfig, byte[] journalId) {
        String version = ClusterSystem.class.getPackage().getImplementationVersion();
        Config own = ConfigFactory.parseMap(Map.of(
                // While servers are replaced one after another, pairs go to those that are new already.
                "pekko.cluster.app-version", version == null ? "0.0.0" : version,
                "pekko.remote.artery.canonical.hostname", literal(address.own()),
                "pekko.remote.artery.canonical.port", address.own().getPort(),
                "pekko.cluster.sharding.passivation.warm.active-entity-limit", address.warmPairs(),
                SameJournalChecker.JOURNAL_ID, HexFormat.of().formatHex(journalId)), "key server settings");
        return own.withFallback(journalConfig)
                .withFallback(ConfigFactory.parseResources(ClusterSystem.class.getClassLoader(), "pairspan-kms.conf"))
                .withFallback(ConfigFactory.defaultReference(ClusterSystem.class.getClassLoader()))
                .resolve();
    }

    private static Address address(InetSocketAddress seed) {
        return new Address("pekko", NAME, literal(seed), seed.getPort());
    }

    /** Servers know each other by address, so that a name that resolves in several ways does not make two servers of one. */
    private static String literal(InetSocketAddress address) {
        String text = address.getAddress().getHostAddress();
        return address.getAddress() instanceof Inet6Address ? '[' + text + ']' : text;
    }
}
