package org.pairspan.kms.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.Map;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
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
     */
    public static ActorSystem<Void> start(ClusterAddress address, TlsContexts tls, Config journalConfig,
            byte[] journalId) {
        ActorSystemSetup setup = ActorSystemSetup.create(
                BootstrapSetup.create(config(address, journalConfig, journalId)),
                SSLEngineProviderSetup.create(system -> new ClusterTls(tls)));
        Behavior<Void> guardian = Behaviors.setup(context -> {
            context.spawn(DeadServerProbe.create(), "dead-server-probe");
            return Behaviors.empty();
        });
        return ActorSystem.create(guardian, NAME, setup);
    }

    static Config config(ClusterAddress address, Config journalConfig, byte[] journalId) {
        Config own = ConfigFactory.parseMap(Map.of(
                "pekko.remote.artery.canonical.hostname", literal(address.own()),
                "pekko.remote.artery.canonical.port", address.own().getPort(),
                "pekko.cluster.seed-nodes", address.seeds().stream()
                        .map(seed -> "pekko://" + NAME + '@' + literal(seed) + ':' + seed.getPort()).toList(),
                "pekko.cluster.sharding.passivation.warm.active-entity-limit", address.warmPairs(),
                SameJournalChecker.JOURNAL_ID, HexFormat.of().formatHex(journalId)), "key server settings");
        return own.withFallback(journalConfig)
                .withFallback(ConfigFactory.parseResources(ClusterSystem.class.getClassLoader(), "pairspan-kms.conf"))
                .withFallback(ConfigFactory.defaultReference(ClusterSystem.class.getClassLoader()))
                .resolve();
    }

    /** Servers know each other by address, so that a name that resolves in several ways does not make two servers of one. */
    private static String literal(InetSocketAddress address) {
        String text = address.getAddress().getHostAddress();
        return address.getAddress() instanceof Inet6Address ? '[' + text + ']' : text;
    }
}
