package org.pairspan.kms.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.pairspan.kms.delivery.MasterCensus;

/** Finds the masters of ETSI GS QKD 014 in the journal. */
public final class JournalMasterCensus implements MasterCensus {

    private static final String PREFIX = "etsi-014-keys|";
    private static final String PAGE = """
            SELECT DISTINCT persistence_id FROM event_journal
            WHERE persistence_id > ? AND persistence_id LIKE ? ORDER BY persistence_id LIMIT ?""";

    private final Journal journal;
    private final Executor blocking;

    /** @param blocking runs what blocks on the database */
    public JournalMasterCensus(Journal journal, Executor blocking) {
        this.journal = journal;
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<List<String>> next(String after, int most) {
        return CompletableFuture.supplyAsync(() -> {
            try (Connection connection = journal.connectForSearch(); PreparedStatement select = connection.prepareStatement(PAGE)) {
                select.setString(1, PREFIX + after);
                select.setString(2, PREFIX + '%');
                select.setInt(3, most);
                List<String> found = new ArrayList<>();
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        found.add(rows.getString(1).substring(PREFIX.length()));
                    }
                }
                return found;
            } catch (SQLException e) {
                throw new IllegalStateException("the journal cannot be searched for masters: " + e.getMessage(), e);
            }
        }, blocking);
    }
}
