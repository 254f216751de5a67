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
import org.pairspan.kms.update.PairCensus;

/** Finds pairs by the journal's events: each pair that ever had a key has some. */
public final class JournalPairCensus implements PairCensus {

    private static final String PREFIX = "pair-key|";
    private static final String PAGE = """
            SELECT DISTINCT persistence_id FROM event_journal
            WHERE persistence_id > ? AND persistence_id LIKE ? ORDER BY persistence_id LIMIT ?""";
    private static final String PAGE_OF_MEMBER = """
            SELECT DISTINCT persistence_id FROM event_journal
            WHERE persistence_id > ? AND (persistence_id LIKE ? OR persistence_id LIKE ?) ORDER BY persistence_id LIMIT ?""";
    private static final String UNCHANGED = """
            SELECT persistence_id FROM event_journal WHERE persistence_id LIKE ?
            GROUP BY persistence_id HAVING MAX(write_timestamp) < ? ORDER BY MAX(write_timestamp) LIMIT ?""";

    private final Journal journal;
    private final Executor blocking;

    /** @param blocking runs what blocks on the database */
    public JournalPairCensus(Journal journal, Executor blocking) {
        this.journal = journal;
        this.blocking = blocking;
    }

    @Override
    public CompletionStage<List<String>> next(String after, String member, int most) {
        return member == null ? ask(PAGE, PREFIX + after, PREFIX + '%', most)
                : ask(PAGE_OF_MEMBER, PREFIX + after, PREFIX + member + "~%", PREFIX + "%~" + member, most);
    }

    @Override
    public CompletionStage<List<String>> unchangedSince(long atMs, int most) {
        return ask(UNCHANGED, PREFIX + '%', atMs, most);
    }

    private CompletionStage<List<String>> ask(String sql, Object... values) {
        return CompletableFuture.supplyAsync(() -> {
            try (Connection connection = journal.connectForSearch(); PreparedStatement select = connection.prepareStatement(sql)) {
                for (int i = 0; i < values.length; i++) {
                    select.setObject(i + 1, values[i]);
                }
                List<String> found = new ArrayList<>();
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        found.add(rows.getString(1).substring(PREFIX.length()));
                    }
                }
                return found;
            } catch (SQLException e) {
                throw new IllegalStateException("the journal cannot be searched for pairs: " + e.getMessage(), e);
            }
        }, blocking);
    }
}
