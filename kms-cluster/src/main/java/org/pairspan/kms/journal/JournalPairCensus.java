package org.pairspan.kms.journal;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.pairspan.kms.update.PairCensus;

/**
 * Finds pairs by the journal's events: each pair that ever had a key has some. When the keys of a pair are destroyed, a snapshot says so;
 * such pairs are passed over.
 */
public final class JournalPairCensus implements PairCensus {

    private static final String PREFIX = "pair-key|";
    /**
     * How the stored {@link org.pairspan.kms.pairkey.PairKeyState} of a destroyed pair begins, and no other's: its number among the classes of
     * the journal, no current version, destroyed. Bytes in the journal never change.
     */
    private static final byte[] DESTROYED = {0x7f, 0, 1};
    private static final String NOT_DESTROYED = """
            e.persistence_id > ? AND e.persistence_id LIKE ? AND NOT EXISTS (SELECT 1 FROM snapshot s
              WHERE s.persistence_id = e.persistence_id AND substr(s.snapshot_payload, 1, 3) = ?)
            """;
    private static final String PAGE = "SELECT DISTINCT e.persistence_id FROM event_journal e WHERE " + NOT_DESTROYED
            + "ORDER BY e.persistence_id LIMIT ?";
    private static final String PAGE_OF_MEMBER = "SELECT DISTINCT e.persistence_id FROM event_journal e WHERE " + NOT_DESTROYED
            + "AND (e.persistence_id LIKE ? OR e.persistence_id LIKE ?) ORDER BY e.persistence_id LIMIT ?";
    private static final String UNCHANGED = "SELECT e.persistence_id FROM event_journal e WHERE " + NOT_DESTROYED
            + "GROUP BY e.persistence_id HAVING MAX(e.write_timestamp) < ? ORDER BY e.persistence_id LIMIT ?";

    private final EntityPages pairs;

    /** @param blocking runs what blocks on the database */
    public JournalPairCensus(Journal journal, Executor blocking) {
        pairs = new EntityPages(journal, blocking, "pairs", PREFIX);
    }

    @Override
    public CompletionStage<List<String>> next(String after, String member, int most) {
        return member == null ? pairs.read(PAGE, after, DESTROYED, most)
                : pairs.read(PAGE_OF_MEMBER, after, DESTROYED, PREFIX + member + "~%", PREFIX + "%~" + member, most);
    }

    @Override
    public CompletionStage<List<String>> unchangedSince(String after, long atMs, int most) {
        return pairs.read(UNCHANGED, after, DESTROYED, atMs, most);
    }
}
