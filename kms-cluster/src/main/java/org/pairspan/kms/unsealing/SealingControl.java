package org.pairspan.kms.unsealing;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.pairspan.kms.audit.Actor;
import org.pairspan.kms.audit.AuditLog;
import org.pairspan.kms.audit.AuditRecord;
import org.pairspan.kms.config.SealingSettings;
import org.pairspan.kms.journal.Journal;
import org.pairspan.kms.sealing.RingVault;
import org.pairspan.kms.sealing.Sealer;
import org.pairspan.kms.sealing.SealingException;
import org.pairspan.kms.sealing.SealingRing;
import org.pairspan.runtime.config.ConfigurationException;
import org.pairspan.runtime.jmx.ManagedBeans;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this key server may work. A server that reads its master key itself is unsealed by {@link #open}; others wait for operators, who
 * reach them over JMX. Safe for use by several threads.
 */
public final class SealingControl implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SealingControl.class);
    private static final long WATCH_SECONDS = 5;

    private final String server;
    private final Consumer<String> announce;
    private final SealingRing ring = new SealingRing();
    private final RingVault vault;
    private final Sealer sealer;
    private final ManagedBeans beans = new ManagedBeans();
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("sealing-watch").daemon(true).factory());
    private Runnable stop = () -> { };
    private boolean closed;
    private Sealing bean;
    private boolean shown;

    private SealingControl(String server, SealingSettings settings, Journal journal, InstantSource clock, SecureRandom random,
            Consumer<String> announce) {
        this.server = server;
        this.announce = announce;
        vault = new RingVault(new JournalRing(journal), settings.algorithm(), clock, random);
        sealer = new Sealer(ring, this::refresh, settings.algorithm(), random);
    }

    /**
     * Unseals the server where it reads its master key itself. Otherwise says that it is sealed, and leaves it so.
     *
     * @param server   its name
     * @param announce told in a line, on any thread, each time that the server is sealed
     * @throws ConfigurationException where the master key is not that of the journal, or cannot be read
     */
    public static SealingControl open(String server, SealingSettings settings, Journal journal, AuditLog audit, InstantSource clock,
            Consumer<String> announce) {
        SecureRandom random = new SecureRandom();
        SealingControl control = new SealingControl(server, settings, journal, clock, random, announce);
        RingOpener opener = new RingOpener(settings, journal, control.vault, random);
        boolean opened = false;
        try {
            opener.requireConfiguredProvider();
            control.bean = new Sealing(control, opener, control.vault, control.ring, settings, audit, clock, random);
            if (settings.needsOperators()) {
                control.show();
                control.saySealed();
            } else {
                opener.openByItself(control.ring);
                audit.write(new AuditRecord(clock.instant(), AuditRecord.Event.UNSEALED, Actor.server(server), null, null, 0, 0, null,
                        "by " + settings.provider().configName())).toCompletableFuture().join();
            }
            control.watch.scheduleWithFixedDelay(control::refreshIfOpen, WATCH_SECONDS, WATCH_SECONDS, TimeUnit.SECONDS);
            opened = true;
            return control;
        } finally {
            if (!opened) {
                control.close();
            }
        }
    }

    /** Lets operators reach this over JMX, as they do from the beginning where the server waits for them. */
    public synchronized void show() {
        if (!shown) {
            beans.register(bean, "Sealing", server);
            shown = true;
        }
    }

    /** Seals and opens keys as long as this server is unsealed. */
    public Sealer sealer() {
        return sealer;
    }

    /** Whether this server may work. */
    public boolean isOpen() {
        return ring.isOpen();
    }

    /**
     * Waits until this server may work.
     *
     * @throws IllegalStateException where it is closed instead
     */
    public synchronized void awaitOpen() {
        while (!ring.isOpen()) {
            if (closed) {
                throw new IllegalStateException(server + " was stopped while it was sealed");
            }
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while " + server + " waited to be unsealed", e);
            }
        }
    }

    /**
     * @param action stops serving; called in a thread of its own when this server is sealed
     */
    public synchronized void whenSealed(Runnable action) {
        stop = action;
    }

    synchronized void opened() {
        LOG.info("{} is unsealed", server);
        notifyAll();
    }

    synchronized void sealed() {
        saySealed();
        Thread.ofPlatform().name("sealing").start(stop);
    }

    private void saySealed() {
        announce.accept("kms " + server + " sealed: nobody is served until operators unseal it with 'pairspan ctl unseal --name " + server + "'");
    }

    /** Brings keys that other servers added into the ring, for the sake of the one of this number; the thread of the watch waits for the journal. */
    private CompletionStage<Void> refresh(int number) {
        try {
            return CompletableFuture.runAsync(() -> {
                if (ring.isOpen() && !ring.has(number)) {
                    vault.refresh(ring);
                }
            }, watch);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedStage(new SealingException("this key server is closed", e));
        }
    }

    private void refreshIfOpen() {
        try {
            if (ring.isOpen()) {
                vault.refresh(ring);
            }
        } catch (SealingException | IllegalStateException e) {
            LOG.warn("the journal's sealing ring cannot be read now: {}", e.getMessage());
        }
    }

    /** Wipes all keys. */
    @Override
    public void close() {
        watch.shutdownNow();
        beans.close();
        ring.wipe();
        synchronized (this) {
            closed = true;
            notifyAll();
        }
    }
}
