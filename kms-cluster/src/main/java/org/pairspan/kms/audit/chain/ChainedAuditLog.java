package org.pairspan.kms.audit.chain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.pairspan.kms.audit.AuditLog;
import org.pairspan.kms.audit.AuditRecord;
import org.pairspan.kms.audit.chain.WaitingRecords.Pending;
import org.pairspan.kms.config.KmsSettings;
import org.pairspan.runtime.config.ConfigurationException;
import org.pairspan.runtime.tls.TlsIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Audit records as hash-chained JSON lines in a file. One thread of its own writes all records that wait in one go, with one sync where
 * that is asked for. Where that fails, all of them fail, and so does every later one until writing succeeds again: it is tried with each,
 * and once a second where none comes. Writing that does not come back is noticed by a second thread: after {@link #OUT_AFTER} what waits
 * for it fails, and each later record at once, until it does. At most {@link WaitingRecords#MOST} records wait; further ones fail at once.
 */
public final class ChainedAuditLog implements AuditLog, AutoCloseable {

    /**
     * Without a record written for so long, the log is out. What is over sooner is waited for: members ask again, and to move a server's
     * pairs takes as long.
     */
    public static final Duration OUT_AFTER = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(ChainedAuditLog.class);
    private static final long CLOSE_PATIENCE_MS = 5_000;
    private static final long RETRY_EVERY_NS = 1_000_000_000;
    private static final long WATCH_EVERY_MS = 250;

    private final WaitingRecords waiting = new WaitingRecords();
    private final ChainFile file;
    private final ChainIdentity identity;
    private final LongSupplier nanoTime;
    private final long checkpointIntervalNs;
    private final LogStatus status;
    private final Thread writer;
    private final ScheduledExecutorService watch =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("audit-watch").daemon(true).factory());
    private final Outage outage;
    private volatile boolean closing;
    private volatile ConfigurationException tampering;
    private volatile Runnable onOutage = () -> { };
    /** Whether there is a record that no checkpoint speaks of. */
    private boolean unsigned;
    /** When the oldest such record was written. */
    private long unsignedSinceNs;

    private ChainedAuditLog(KmsSettings.Audit settings, ChainFile file, ChainIdentity identity, LongSupplier nanoTime) {
        this.file = file;
        this.identity = identity;
        this.nanoTime = nanoTime;
        this.checkpointIntervalNs = settings.checkpointInterval().toNanos();
        this.status = new LogStatus(settings.file(), waiting::size);
        this.outage = new Outage(nanoTime);
        this.writer = Thread.ofPlatform().name("audit").daemon(true).unstarted(this::run);
    }

    /**
     * Opens the log and goes on with its chain; a torn last record, which a crash leaves, is cut off, and that recorded.
     *
     * @param identity whose key signs checkpoints
     * @throws ConfigurationException where it cannot be opened, is another server's, or was changed
     * @throws UncheckedIOException   where it can be opened and takes no record, as on a full disk; that may pass
     */
    public static ChainedAuditLog open(KmsSettings.Audit settings, TlsIdentity identity, InstantSource clock) {
        return open(settings, ChainIdentity.of(identity), clock, System::nanoTime, AppendFile::open);
    }

    /**
     * @param clock    of records
     * @param nanoTime a monotonic clock, ns: a time of day that is set back must not put off a signature
     */
    static ChainedAuditLog open(KmsSettings.Audit settings, ChainIdentity identity, InstantSource clock, LongSupplier nanoTime,
            AppendFile.Opener opener) {
        ChainFile file = new ChainFile(settings.file(), settings.sync(), settings.rotateSize(), identity, clock, opener);
        ChainedAuditLog log = new ChainedAuditLog(settings, file, identity, nanoTime);
        try {
            log.commit(List.of(), true);
        } catch (NoRoomException e) {
            throw new UncheckedIOException("no audit record can be written: make room on the disk, or see what is wrong with it", e);
        } catch (IOException e) {
            throw new ConfigurationException("pairspan.kms.audit.file", settings.file().toString(),
                    "must be a file this process alone can append to", "check path, permissions and room: " + e.getMessage(), e);
        } catch (BrokenLogException e) {
            throw log.tampered(e);
        }
        log.writer.start();
        log.watch.scheduleWithFixedDelay(log::failWhatHangs, WATCH_EVERY_MS, WATCH_EVERY_MS, TimeUnit.MILLISECONDS);
        return log;
    }

    @Override
    public CompletionStage<Void> write(AuditRecord record) {
        Pending pending = new Pending(record, new CompletableFuture<>());
        boolean taken = takesNone().isEmpty() && waiting.offer(pending);
        // Who drains the queue for good may have done so in between.
        Optional<String> none = takesNone();
        if (taken && (none.isEmpty() || !waiting.remove(pending))) {
            return pending.kept();
        }
        String why = none.orElse("the audit log is " + WaitingRecords.MOST + " records behind");
        status.refused(1, why);
        return CompletableFuture.failedFuture(new IOException(why));
    }

    /** Why no record is taken now; empty where one is. */
    private Optional<String> takesNone() {
        return closing ? Optional.of("the audit log is closed") : outage.hangs() ? Optional.of(hang()) : Optional.empty();
    }

    private String hang() {
        return "writing to " + status.getFile() + " has not come back, and no record was written for " + OUT_AFTER.toSeconds() + " s";
    }

    /** What the log knows of itself, for operators. */
    public AuditMXBean status() {
        return status;
    }

    /**
     * @param action called by a thread of the log's, once for each time that no record could be written for {@link #OUT_AFTER}, be it
     *               that writing failed or that it did not come back; returns soon and does not throw
     */
    public void onOutage(Runnable action) {
        onOutage = action;
    }

    /** Whether no record could be written for {@link #OUT_AFTER} or longer, and none can be now. Any thread. */
    public boolean isOut() {
        return outage.lasts();
    }

    /**
     * Set where records can't be written because somebody changed the file, or took it away: another start would go on with what is left of it,
     * and nobody would look. Any thread.
     */
    public Optional<ConfigurationException> tampering() {
        return Optional.ofNullable(tampering);
    }

    private ConfigurationException tampered(BrokenLogException cause) {
        return new ConfigurationException("pairspan.kms.audit.file", status.getFile(), "must be whole: " + cause.getMessage(),
                "find out who changed it ('pairspan ctl audit verify'); move it and its full files away to begin a new chain", cause);
    }

    private void run() {
        try {
            while (!closing) {
                List<Pending> batch = waiting.take(outage.isFailing() ? RETRY_EVERY_NS : untilCheckpointNs());
                // Without records that wait, a checkpoint shows whether one can be written again.
                boolean retry = batch.isEmpty() && outage.isFailing();
                write(batch, retry || unsigned && nanoTime.getAsLong() - unsignedSinceNs >= checkpointIntervalNs);
            }
        } catch (InterruptedException e) {
            LOG.warn("somebody interrupted the thread of the audit log", e);
            closing = true;
        }
        List<Pending> last = waiting.takeAll();
        if (!last.isEmpty() || unsigned) {
            write(last, true);
        }
    }

    private long untilCheckpointNs() {
        return !unsigned ? checkpointIntervalNs
                : Math.clamp(unsignedSinceNs + checkpointIntervalNs - nanoTime.getAsLong(), 0, checkpointIntervalNs);
    }

    private void write(List<Pending> batch, boolean checkpoint) {
        if (batch.isEmpty() && !checkpoint) {
            return;
        }
        outage.begin();
        try {
            commit(batch, checkpoint);
            if (outage.end()) {
                LOG.info("audit records can be written again");
            }
            tampering = null;
            batch.forEach(pending -> pending.kept().complete(null));
        } catch (IOException | BrokenLogException | RuntimeException e) {
            if (!outage.isFailing()) {
                LOG.error("audit records cannot be written, so the service refuses requests", e);
            }
            boolean lastsNow = outage.failed();
            tampering = e instanceof BrokenLogException broken ? tampered(broken) : null;
            refuse(batch, e.getMessage(), e);
            if (lastsNow) {
                onOutage.run();
            }
        }
        waiting.done();
    }

    /**
     * What comes back after that may stand in the log although it was refused, but nothing was done that does not stand there. Looked for
     * as long as it hangs: a record may have begun to wait just before, and another write may hang in the same outage.
     */
    private void failWhatHangs() {
        if (!outage.hangs()) {
            return;
        }
        boolean lastsNow = outage.hung();
        refuse(waiting.giveUp(), hang(), null);
        if (lastsNow) {
            LOG.error("{}, so the service refuses requests", hang());
            onOutage.run();
        }
    }

    /** Counted before anybody hears of it; what was refused before is not counted again. */
    private void refuse(List<Pending> records, String why, Exception cause) {
        long refused = records.stream().filter(pending -> !pending.kept().isDone()).count();
        if (refused > 0) {
            status.refused(refused, why);
        }
        IOException failure = new IOException("the audit record could not be written: " + why, cause);
        records.forEach(pending -> pending.kept().completeExceptionally(failure));
    }

    /** A record that has no form fails alone. */
    private void commit(List<Pending> pendings, boolean checkpoint) throws IOException, BrokenLogException {
        ChainFile.Batch batch = file.begin();
        for (Pending pending : pendings) {
            try {
                batch.add(before -> LineFormat.write(before, identity.hash(), generator -> RecordFields.write(generator, pending.record())));
            } catch (IOException | RuntimeException e) {
                pending.kept().completeExceptionally(new IOException("the audit record has no form: " + e.getMessage(), e));
            }
        }
        if (checkpoint) {
            batch.addCheckpoint();
        }
        file.append(batch);
        if (checkpoint) {
            unsigned = false;
        } else if (!unsigned) {
            unsigned = true;
            unsignedSinceNs = nanoTime.getAsLong();
        }
        status.written(file.position(), checkpoint);
    }

    /**
     * Writes what waits and a last checkpoint, then closes the file.
     *
     * @throws IOException where that fails, or writing does not come back: neither would closing, which is left to the end of the process
     */
    @Override
    public void close() throws IOException {
        closing = true;
        waiting.wake();
        try {
            writer.join(outage.hangs() ? 1 : CLOSE_PATIENCE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        watch.shutdownNow();
        if (writer.isAlive()) {
            String why = "writing to " + status.getFile() + " does not come back";
            refuse(waiting.giveUp(), why, null);
            throw new IOException(why);
        }
        file.close();
    }
}
