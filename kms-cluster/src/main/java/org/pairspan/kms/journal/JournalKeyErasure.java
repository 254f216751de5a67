package org.pairspan.kms.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.pairspan.kms.pairkey.KeyErasure;

/**
 * Erases in place: the rows of events stay, marked deleted and empty, so that their numbers stay taken; snapshots but the newest go. What
 * the database keeps of it beyond its tables (write-ahead log, pages or rows to be vacuumed, backups) is the database's.
 */
public final class JournalKeyErasure implements KeyErasure {

    private static final String EVENTS = """
            UPDATE event_journal SET deleted = ?, event_payload = ?
            WHERE persistence_id = ? AND deleted = ?
              AND sequence_number <= (SELECT MAX(sequence_number) FROM snapshot WHERE persistence_id = ?)""";
    private static final String SNAPSHOTS = """
            DELETE FROM snapshot
            WHERE persistence_id = ? AND sequence_number < (SELECT MAX(sequence_number) FROM snapshot WHERE persistence_id = ?)""";

    /** While so many wait, what may have been left over is left for another time. */
    private static final int MOST_WAITING = 100;

    private final Journal journal;
    private final Executor blocking;
    private final AtomicInteger waiting = new AtomicInteger();

    /** @param blocking runs what blocks on the database */
    public JournalKeyErasure(Journal journal, Executor blocking) {
        this.journal = journal;
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<Void> eraseLeftOver(String persistenceId) {
        return waiting.get() < MOST_WAITING ? erase(persistenceId) : CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Void> erase(String persistenceId) {
        waiting.incrementAndGet();
        return CompletableFuture.runAsync(() -> {
            waiting.decrementAndGet();
            try (Connection connection = journal.connect();
                    PreparedStatement events = connection.prepareStatement(EVENTS);
                    PreparedStatement snapshots = connection.prepareStatement(SNAPSHOTS)) {
                events.setBoolean(1, true);
                events.setBytes(2, new byte[0]);
                events.setString(3, persistenceId);
                events.setBoolean(4, false);
                events.setString(5, persistenceId);
                events.executeUpdate();
                snapshots.setString(1, persistenceId);
                snapshots.setString(2, persistenceId);
                snapshots.executeUpdate();
            } catch (SQLException e) {
                throw new IllegalStateException("the journal does not erase what is retired of " + persistenceId + ": " + e.getMessage(), e);
            }
        }, blocking);
    }
}
