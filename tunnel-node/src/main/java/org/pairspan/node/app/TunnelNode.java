package org.pairspan.node.app;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.agrona.concurrent.SystemNanoClock;
import org.pairspan.node.bearer.BearerSettings;
import org.pairspan.node.config.BearerConfig;
import org.pairspan.node.config.NodeConfig;
import org.pairspan.node.config.PeerConfig;
import org.pairspan.node.device.InMemoryDevice;
import org.pairspan.node.device.PacketDevice;
import org.pairspan.node.device.TunDevice;
import org.pairspan.node.enrolment.CertificateRenewal;
import org.pairspan.node.handshake.EpochExport;
import org.pairspan.node.handshake.Handshakes;
import org.pairspan.node.keyring.AssociationGrant;
import org.pairspan.node.keyring.EspKeyExport;
import org.pairspan.node.keyring.KeyServiceStatus;
import org.pairspan.node.keyring.Keyring;
import org.pairspan.node.keyring.Member;
import org.pairspan.node.keyring.PeerTerms;
import org.pairspan.node.observe.NodeDescription;
import org.pairspan.node.observe.Observation;
import org.pairspan.node.pipeline.DataPlaneRunner;
import org.pairspan.node.pipeline.DataPlaneSettings;
import org.pairspan.node.pipeline.PeerSettings;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.handshake.KeyExchange;
import org.pairspan.protocol.heartbeat.HeartbeatSettings;
import org.pairspan.runtime.config.HostPort;
import org.pairspan.runtime.jmx.ManagedBeans;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running tunnel node. Made whole or not at all; ends by {@link #close()} or when its data plane fails. */
public final class TunnelNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TunnelNode.class);
    /** How long the readiness line waits for the key service. */
    private static final Duration FIRST_ROUND = Duration.ofSeconds(5);

    /** What has been opened, newest first; closed in this order. */
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final NodeConfig config;
    private final String id;
    private PacketDevice device;
    private Keyring keyring;

    private TunnelNode(NodeConfig config) {
        this.config = config;
        id = config.identity().identity().id();
    }

    /**
     * Reads the configuration, opens what it names, starts everything and says that it is ready. A key service
     * that does not answer is no error: the node says so and goes on trying.
     *
     * @param announce told in a line, once, that the node is ready.
     * @throws org.pairspan.runtime.config.ConfigurationException when a setting, or a file it names, is not usable.
     * @throws org.pairspan.node.device.DeviceException           when the device can't be opened.
     * @throws org.pairspan.node.bearer.BearerException           when the UDP port can't be opened.
     */
    public static TunnelNode start(Path configFile, Consumer<String> announce) {
        TunnelNode node = new TunnelNode(NodeConfig.load(configFile));
        try {
            node.open();
            announce.accept(node.readiness());
            return node;
        } catch (RuntimeException | Error e) {
            node.close();
            throw e;
        }
    }

    /** Completes when the node is closed; exceptionally when its data plane has failed, after which it only can be closed. */
    public CompletableFuture<Void> ended() {
        return ended.copy();
    }

    /** The site's side of the node. */
    public PacketDevice device() {
        return device;
    }

    /** How the link to the key service fares. */
    public KeyServiceStatus keyService() {
        return keyring.status();
    }

    /** Stops everything, within seconds, and wipes every key. Idempotent. */
    @Override
    public synchronized void close() {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.error("{} could not be closed", part.getClass().getSimpleName(), e);
            }
        }
        ended.complete(null);
    }

    private void open() {
        Consumer<AssociationGrant> beforeInstall = grant -> { };
        EpochExport epochExport = EpochExport.NONE;
        String exportWarning = "";
        if (config.exportKeysTo().isPresent()) {
            EspKeyExport export = opened(EspKeyExport.open(config.exportKeysTo().get()));
            beforeInstall = export;
            epochExport = (grant, keys) -> export.export(grant, keys.epoch(), keys.outbound(), keys.inbound());
            exportWarning = export.warning();
        }
        device = opened(openDevice());
        BearerConfig bearer = config.bearer();
        Member member = new Member(id, new SecureRandom().nextLong(), bearer.advertised(), config.prefixes(), config.suites());
        CertificateRenewal certificate = new CertificateRenewal(config.renewal(), config.identity(), InstantSource.system(), () -> keyring.reconnect());
        keyring = new Keyring(config.keyService(), member, certificate::tls);
        EpochExport eachEpoch = epochExport;
        DataPlaneRunner dataPlane = opened(new DataPlaneRunner(dataPlaneSettings(), device, keyring.demands(),
                outcome -> new Handshakes(this::keyExchange, outcome, eachEpoch),
                SystemNanoClock.INSTANCE, new BearerErrors(SystemNanoClock.INSTANCE), this::dataPlaneFailed));
        PeerRoutes routes = opened(new PeerRoutes(dataPlane, device, config.device().routes()));
        dataPlane.start();
        opened(keyring).start(routes, beforeInstall, this::objection);
        ManagedBeans beans = opened(new ManagedBeans());
        beans.register(certificate, "Certificate", id);
        opened(certificate).start();
        NodeDescription description = new NodeDescription(id, device.name(), bearer.local(), bearer.advertised(), exportWarning);
        opened(new Observation(description, dataPlane, keyring::status, SystemNanoClock.INSTANCE));
    }

    private <T extends AutoCloseable> T opened(T part) {
        parts.push(part);
        return part;
    }

    private PacketDevice openDevice() {
        PacketDevice opened = switch (config.device().kind()) {
            case TUN -> TunDevice.open(config.device().settings());
            case MEMORY -> new InMemoryDevice(config.device().settings().name(), config.device().settings().mtu());
        };
        try {
            config.device().routes().forEach(opened::addRoute);
            return opened;
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private DataPlaneSettings dataPlaneSettings() {
        BearerConfig bearer = config.bearer();
        BearerSettings settings = new BearerSettings(bearer.local(), bearer.pathMtu(), bearer.termLength(), bearer.window(),
                bearer.socketBuffer(), opened(StreamFolder.open(bearer.directory(), id)).aeron());
        DataPlaneSettings.Hold hold =
                new DataPlaneSettings.Hold(config.hold().packets(), config.hold().bytes(), config.hold().timeout());
        return new DataPlaneSettings(settings, config.prefixes(), config.policy(), hold, config.rekey().after(), config.rekey().hard(),
                new HeartbeatSettings(config.heartbeat().interval().toNanos(), config.heartbeat().misses()),
                bearer.discovery(), config.reliable().buffer(), this::peerSettings);
    }

    private PeerSettings peerSettings(String peerId) {
        PeerConfig peer = config.peers().of(peerId);
        return new PeerSettings(peer.strict(), peer.padding());
    }

    private KeyExchange keyExchange(String peerId, Suite suite) {
        return config.peers().of(peerId).keyExchange(suite);
    }

    /** Both ends of a tunnel need the same exchange: one that our operator has chosen gives way to no other. */
    private Optional<String> objection(String peerId, PeerTerms terms) {
        Optional<KeyExchange> chosen = config.peers().of(peerId).chosen();
        return chosen.isPresent() && terms.exchange().isPresent() && !chosen.equals(terms.exchange())
                ? Optional.of("the policy of the key service wants " + terms.exchange().get().wireName() + " with " + peerId
                        + ", and key-exchange is set to " + chosen.get().wireName() + " here") : Optional.empty();
    }

    private void dataPlaneFailed(Throwable failure) {
        LOG.error("The data plane has failed; nothing goes through this node any more", failure);
        ended.completeExceptionally(failure);
    }

    private String readiness() {
        try {
            keyring.firstRound().toCompletableFuture().get(FIRST_ROUND.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.debug("No key server has answered within {}", FIRST_ROUND);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the first round of the key servers only ever completes", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        KeyServiceStatus status = keyring.status();
        return "node " + id + " ready: device " + device.name() + ", bearer " + HostPort.text(config.bearer().local())
                + (status.connected() ? ", key service " + HostPort.text(status.server())
                        : ", NO KEY SERVICE YET (" + status.trouble() + "), trying on");
    }
}
