package org.pairspan.kms.app;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.pairspan.kms.association.Association;
import org.pairspan.kms.audit.Administration;
import org.pairspan.kms.audit.AuditAllowances;
import org.pairspan.kms.audit.chain.ChainedAuditLog;
import org.pairspan.kms.cluster.Standing;
import org.pairspan.kms.config.KmsSettings;
import org.pairspan.kms.delivery.KeyDeliveryService;
import org.pairspan.kms.delivery.MemberAccess;
import org.pairspan.kms.directory.Directory;
import org.pairspan.kms.endpoint.LinkServices;
import org.pairspan.kms.endpoint.MemberLinkServer;
import org.pairspan.kms.enrolment.Enrolment;
import org.pairspan.kms.issue.KeyIssuer;
import org.pairspan.kms.journal.Journal;
import org.pairspan.kms.journal.JournalKeyErasure;
import org.pairspan.kms.journal.JournalMasterCensus;
import org.pairspan.kms.observe.KeyService;
import org.pairspan.kms.observe.ServiceCounters;
import org.pairspan.kms.pairkey.PairKey;
import org.pairspan.kms.policy.keeping.PolicyInForce;
import org.pairspan.kms.policy.keeping.PolicyService;
import org.pairspan.kms.presence.LinkedMembers;
import org.pairspan.kms.presence.MemberPresence;
import org.pairspan.kms.revocation.RevokedMembers;
import org.pairspan.kms.sealing.Sealer;
import org.pairspan.kms.source.combined.KeySources;
import org.pairspan.kms.source.combined.KeySourcesBean;
import org.pairspan.kms.unsealing.SealingControl;
import org.pairspan.runtime.config.ConfigurationException;
import org.pairspan.runtime.config.HostPort;
import org.pairspan.runtime.identity.Identity;
import org.pairspan.runtime.identity.Role;
import org.pairspan.runtime.jmx.ManagedBeans;
import org.pairspan.runtime.tls.TlsContexts;
import org.pairspan.runtime.tls.TlsIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One key server. {@link #start} returns when members can be served; the process then lives until {@link #whenTerminated()}, which also
 * comes when the cluster removes this server.
 */
public final class KeyServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KeyServer.class);
    private static final Duration POLICY_PATIENCE = Duration.ofSeconds(10);
    private static final long STOP_PATIENCE_SECONDS = 20;

    private final KmsSettings settings;
    private final TlsContexts tls;
    private final Journal journal;
    private final ChainedAuditLog audit;
    private final SealingControl sealing;
    private final Consumer<String> announce;
    private final ManagedBeans beans = new ManagedBeans();
    private final CompletableFuture<Done> ended = new CompletableFuture<>();
    private volatile ActorSystem<?> system;
    private volatile boolean closing;
    /** Sealed, and not begun again since. */
    private volatile boolean stoppedBySealing;
    private volatile KeySources sources;

    private KeyServer(KmsSettings settings, TlsContexts tls, Journal journal, ChainedAuditLog audit, SealingControl sealing,
            Consumer<String> announce) {
        this.settings = settings;
        this.tls = tls;
        this.journal = journal;
        this.audit = audit;
        this.sealing = sealing;
        this.announce = announce;
        sealing.whenSealed(this::stopUntilUnsealed);
        audit.onOutage(this::leave);
    }

    /**
     * Starts a key server, and says so when the cluster has taken it in, the directory answers and members can connect:
     * {@code kms NAME ready: member link HOST:PORT}. Waits for operators where it starts sealed, and for the other servers, as long as it
     * takes.
     *
     * @param announce told in a line, on any thread, each time that the server is ready or sealed
     * @throws ConfigurationException where a setting is wrong, or something it names is
     */
    public static KeyServer start(Path configuration, Consumer<String> announce) {
        KmsSettings settings = KmsSettings.load(configuration);
        TlsContexts tls = TlsContexts.of(identity(settings));
        Journal journal = Journal.open(settings.journal());
        ChainedAuditLog audit = ChainedAuditLog.open(settings.audit(), tls.identity(), InstantSource.system());
        KeyServer server = null;
        boolean started = false;
        try {
            SealingControl sealing = SealingControl.open(settings.name(), settings.sealing(), journal, audit, InstantSource.system(), announce);
            server = new KeyServer(settings, tls, journal, audit, sealing, announce);
            server.serveWhileUnsealed();
            started = true;
            return server;
        } finally {
            if (!started) {
                close(server, audit);
            }
        }
    }

    /** Returns when members can be served. A server that is sealed while it starts waits for operators again. */
    private void serveWhileUnsealed() {
        boolean serving = false;
        while (!serving) {
            sealing.awaitOpen();
            stoppedBySealing = false;
            try {
                system = KeyServerSystem.start(settings, tls, journal);
                requireAble();
                sealing.show();
                serve(settings, tls, sealing.sealer());
                requireAble();
                serving = true;
            } catch (RuntimeException e) {
                // Whatever fails in a server that is being sealed fails for that reason.
                if (closing || sealing.isOpen() && !stoppedBySealing) {
                    throw e;
                }
                LOG.debug("sealed while it started", e);
                beans.close();
                stopSystem();
            }
        }
        system.getWhenTerminated().whenComplete((done, failure) -> onTerminated());
    }

    /** Who seals while the actor system starts finds none to stop yet; nor does a log that fails. */
    private void requireAble() {
        if (!sealing.isOpen()) {
            throw new IllegalStateException(settings.name() + " was sealed while it started");
        }
        if (audit.isOut()) {
            throw audit.tampering().<RuntimeException>map(wrong -> wrong).orElseGet(() -> new IllegalStateException(
                    "the audit log failed while " + settings.name() + " started: " + audit.status().getLastFailure()));
        }
    }

    /** A server that is sealed has no pairs to leave to others, and its process must stay: a new one might unseal itself. */
    private void leave() {
        ActorSystem<?> running = system;
        if (running != null && sealing.isOpen()) {
            Departure.begin(running, settings.name(), audit.status());
        }
    }

    private void onTerminated() {
        if (closing || !stoppedBySealing) {
            audit.tampering().ifPresentOrElse(ended::completeExceptionally, () -> ended.complete(Done.getInstance()));
        } else {
            Thread.ofPlatform().name("unsealing").daemon(true).start(this::serveAgain);
        }
    }

    private void stopUntilUnsealed() {
        stoppedBySealing = true;
        stopSystem();
    }

    private void serveAgain() {
        try {
            beans.close();
            serveWhileUnsealed();
        } catch (RuntimeException e) {
            // A sealed server that is closed waits no more; that is no failure.
            if (!closing) {
                ended.completeExceptionally(e);
            }
        }
    }

    private static TlsIdentity identity(KmsSettings settings) {
        KmsSettings.IdentityFiles files = settings.identity();
        TlsIdentity identity = TlsIdentity.load(files.certificate(), files.privateKey(), files.authority());
        Identity expected = new Identity(Role.KMS, settings.name());
        if (!identity.identity().equals(expected)) {
            throw new ConfigurationException("pairspan.kms.identity.certificate", files.certificate() + " (" + identity.identity() + ")",
                    "must be the certificate of " + expected, "name its file, or correct pairspan.kms.name");
        }
        return identity;
    }

    private void serve(KmsSettings settings, TlsContexts tls, Sealer sealer) {
        ServiceCounters counters = new ServiceCounters();
        sources = KeySources.open(system, settings.keySource(), tls.identity().keyKind());
        beans.register(new KeySourcesBean(sources), "KeySources", settings.name());
        ClusterSharding sharding = ClusterSharding.get(system);
        Directory.init(sharding);
        Executor blocking = system.dispatchers().lookup(DispatcherSelector.fromConfig("pairspan-housekeeping-dispatcher"));
        Enrolment.init(sharding);
        PolicyInForce policy = PolicyService.start(system, settings.name(), settings.suites(), settings.policyBound(),
                new Administration(audit, InstantSource.system()), beans);
        KeyUpdateService updates = KeyUpdateService.start(system, settings, audit, InstantSource.system(), blocking, journal, policy);
        PairKey.init(sharding, new PairKey.Parts(settings.name(),
                PairKeySources.of(policy, sources, sealer, audit, settings.name(), InstantSource.system()),
                new JournalKeyErasure(journal, blocking), updates::isRevoked, settings.journal().lostVersion(), counters.keysStored));
        Association.init(sharding, updates.associationParts(counters.associationsStored));
        MemberPresence.init(sharding);
        beans.register(new KeyService(settings.name(), settings.memberLink().address(), counters, system), "KeyService", settings.name());
        beans.register(audit.status(), "Audit", settings.name());

        settings.etsi014().ifPresent(etsi -> KeyDeliveryService.init(sharding, etsi.keys(), InstantSource.system(),
                new JournalKeyErasure(journal, blocking), updates::isRevoked));

        ClusterEntry.await(system, settings.name(), sharding);
        policy.awaitKnown(POLICY_PATIENCE);

        RevokedMembers revoked = updates.watchRevocations();
        updates.register(beans);
        KmsSettings.MemberLinkLimits limits = settings.memberLink();
        LinkedMembers linked = new LinkedMembers();
        AuditAllowances allowances = AuditAllowances.start(system, audit, InstantSource.system());
        KeyIssuer issuer = new KeyIssuer(system, policy, audit, allowances.refusals(), counters, limits.requestTimeout(),
                limits.installTimeout(), InstantSource.system(), revoked, linked);
        LinkServices services = new LinkServices(sharding, issuer, policy, sealer, allowances, counters, limits, InstantSource.system(), revoked,
                linked, Standing.of(system));
        try {
            MemberLinkServer.bind(system, tls, services).toCompletableFuture().join();
        } catch (CompletionException e) {
            throw new ConfigurationException("pairspan.kms.member-link.host, port", HostPort.text(limits.address()),
                    "must be a free port at an address of this machine", "choose another, or stop what uses it", e);
        }
        settings.etsi014().ifPresent(etsi -> beans.register(KeyDeliveryService.listen(etsi, new KeyDeliveryService.Parts(system, tls,
                new MemberAccess(sharding, policy::decide, revoked::has, etsi.saes(), etsi.connections().requestTimeout()), sources::named, sealer,
                audit, allowances.refusals(), new JournalMasterCensus(journal, blocking), InstantSource.system())), "KeyDelivery", settings.name()));
        settings.enrolment().ifPresent(enrol -> beans.register(Enrolment.open(enrol, system, tls, KeyServerSystem.tokenMarkKey(journal), audit,
                allowances.strangers(), revoked::has), "Enrolment", settings.name()));
        announce.accept("kms " + settings.name() + " ready: member link " + HostPort.text(limits.address())
                + settings.enrolment().map(enrol -> ", enrolment " + HostPort.text(enrol.address())).orElse("")
                + settings.etsi014().map(etsi -> ", etsi 014 " + HostPort.text(etsi.address())).orElse(""));
    }

    /**
     * Completes when this server has stopped, by {@link #close()}, by a signal, because the cluster removed it, or because no audit record could be
     * written. Where it must not be started again before somebody has looked, with a {@link ConfigurationException}.
     */
    public CompletionStage<Done> whenTerminated() {
        return ended;
    }

    /** Leaves the cluster, hands over its shards, and stops. */
    @Override
    public void close() {
        closing = true;
        beans.close();
        stopSystem();
        sealing.close();
        closeAudit(audit);
        ended.complete(Done.getInstance());
    }

    private void stopSystem() {
        ActorSystem<?> running = system;
        if (running == null) {
            return;
        }
        running.terminate();
        try {
            running.getWhenTerminated().toCompletableFuture().get(STOP_PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the key server did not stop within {} s", STOP_PATIENCE_SECONDS, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        KeySources used = sources;
        if (used != null) {
            used.close();
            sources = null;
        }
    }

    private static void close(KeyServer server, ChainedAuditLog audit) {
        if (server == null) {
            closeAudit(audit);
        } else {
            server.close();
        }
    }

    private static void closeAudit(ChainedAuditLog audit) {
        try {
            audit.close();
        } catch (IOException e) {
            LOG.warn("the audit log did not close", e);
        }
    }
}
