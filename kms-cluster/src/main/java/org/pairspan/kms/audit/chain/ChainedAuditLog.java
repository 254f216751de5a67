package org.pairspan.kms.audit.chain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.pairspan.kms.audit.AuditLog;
import org.pairspan.kms.audit.AuditRecord;
import org.pairspan.kms.config.KmsSettings;
import org.pairspan.runtime.config.ConfigurationException;
import org.pairspan.runtime.tls.TlsIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Audit records as hash-chained JSON lines in a file. One thread of its own writes all records that wait in one go, with one sync where
 * that is asked for. Where that fails, all of them fail, and so does every later one until writing succeeds again: it is tried with each,
 * and once a second where none comes. At most {@link #MAX_WAITING} records wait; further ones fail at once.
 */
public final class ChainedAuditLog implements AuditLog, AutoCloseable {

    /**
     * Without a record written for so long, the log is out. What is over sooner is waited for: members ask again, and to move a server's
     * pairs takes as long.
     */
    public static final Duration OUT_AFTER = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(ChainedAuditLog.class);
    private static final int MAX_WAITING = 10_000;
    private static final int MAX_BATCH = 1_000;
    private static final long CLOSE_PATIENCE_MS = 5_000;
    private static final long RETRY_EVERY_NS = 1_000_000_000;

    /** Wakes the writer to see that it shall end; an interrupt would close the file under it. */
    private static final Pending WAKE = new Pending(null, null);

    private final BlockingQueue<Pending> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final ChainFile file;
    private final ChainIdentity identity;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final long checkpointIntervalNs;
    private final LogStatus status;
    private final Thread writer;
    private final Outage outage;
    private volatile boolean closing;
    private volatile ConfigurationException tampering;
    private volatile Runnable onOutage = () -> { };
    /** Whether there is a record that no checkpoint speaks of. */
    private boolean unsigned;
    /** When the oldest such record was written. */
    private long unsignedSinceNs;

    private record Pending(AuditRecord record, CompletableFuture<Void> kept) {
    }

    private ChainedAuditLog(KmsSettings.Audit settings, ChainFile file, ChainIdentity identity, InstantSource clock,
            LongSupplier nanoTime) {
        this.file = file;
        this.identity = identity;
        this.clock = clock;
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
        ChainedAuditLog log = new ChainedAuditLog(settings, file, identity, clock, nanoTime);
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
        return log;
    }

    @Override
    public CompletionStage<Void> write(AuditRecord record) {
        Pending pending = new Pending(record, new CompletableFuture<>());
        if (closing || !waiting.offer(pending)) {
            status.refused(1, "the audit log is closed or " + MAX_WAITING + " records behind");
            return CompletableFuture.failedFuture(new IOException("the audit log is closed or " + MAX_WAITING + " records behind"));
        }
        if (closing && waiting.remove(pending)) {
            return CompletableFuture.failedFuture(new IOException("the audit log is closed"));
        }
        return pending.kept();
    }

    /** What the log knows of itself, for operators. */
    public AuditMXBean status() {
        return status;
    }

    /**
     * @param action called by the log's thread, once for each time that no record could be written for {@link #OUT_AFTER};
     *               returns soon and does not throw
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
        List<Pending> batch = new ArrayList<>(MAX_BATCH);
        try {
            while (!closing) {
                Pending first = waiting.poll(outage.isOn() ? RETRY_EVERY_NS : untilCheckpointNs(), TimeUnit.NANOSECONDS);
                if (first != null) {
                    batch.add(first);
                    waiting.drainTo(batch, MAX_BATCH - 1);
                }
                // Without records that wait, a checkpoint shows whether one can be written again.
                boolean retry = first == null && outage.isOn();
                write(batch, retry || unsigned && nanoTime.getAsLong() - unsignedSinceNs >= checkpointIntervalNs);
            }
        } catch (InterruptedException e) {
            LOG.warn("somebody interrupted the thread of the audit log", e);
            closing = true;
        }
        waiting.drainTo(batch);
        if (!batch.isEmpty() || unsigned) {
            write(batch, true);
        }
    }

    private long untilCheckpointNs() {
        return !unsigned ? checkpointIntervalNs
                : Math.clamp(unsignedSinceNs + checkpointIntervalNs - nanoTime.getAsLong(), 0, checkpointIntervalNs);
    }

    private void write(List<Pending> batch, boolean checkpoint) {
        batch.remove(WAKE);
        if (batch.isEmpty() && !checkpoint) {
            return;
        }
        try {
            commit(batch, checkpoint);
            if (outage.isOn()) {
                LOG.info("audit records can be written again");
            }
            outage.end();
            tampering = null;
            batch.forEach(pending -> pending.kept().complete(null));
        } catch (IOException | BrokenLogException | RuntimeException e) {
            if (!outage.isOn()) {
                LOG.error("audit records cannot be written, so the service refuses requests", e);
            }
            boolean lastsNow = outage.failed();
            tampering = e instanceof BrokenLogException broken ? tampered(broken) : null;
            status.refused(batch.size(), e.getMessage());
            IOException failure = new IOException("the audit record could not be written: " + e.getMessage(), e);
            batch.forEach(pending -> pending.kept().completeExceptionally(failure));
            if (lastsNow) {
                onOutage.run();
            }
        }
        batch.clear();
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
            batch.add(this::checkpoint);
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

    private LineFormat.Written checkpoint(Position before) throws IOException {
        return LineFormat.writeSigned(before, identity.hash(), generator -> {
            RecordFields.begin(generator, clock.instant(), LogLine.CHECKPOINT, "server " + identity.server());
            generator.writeStringField(LogLine.SERVER, identity.server());
            generator.writeStringField(LogLine.CHAIN, file.chain());
        }, identity::sign);
    }

    /** Writes what waits and a last checkpoint, then closes the file. */
    @Override
    public void close() throws IOException {
        closing = true;
        if (!waiting.offer(WAKE)) {
            LOG.debug("the writer has enough to do to be awake");
        }
        try {
            writer.join(CLOSE_PATIENCE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        file.close();
    }
}
