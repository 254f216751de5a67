package org.pairspan.kms.app;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.pairspan.kms.audit.chain.ChainedAuditLog;
import org.pairspan.kms.config.KmsSettings;
import org.pairspan.kms.journal.Journal;
import org.pairspan.kms.sealing.Sealer;
import org.pairspan.kms.source.combined.KeySources;
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
                serve(sealing.sealer());
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

    private void serve(Sealer sealer) {
        sources = KeySources.open(system, settings.keySource(), tls.identity().keyKind());
        new KeyServices(settings, tls, journal, audit, beans).start(system, sources, sealer);
        announce.accept("kms " + settings.name() + " ready: member link " + HostPort.text(settings.memberLink().address())
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
