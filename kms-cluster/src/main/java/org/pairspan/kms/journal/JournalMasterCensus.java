package org.pairspan.kms.journal;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.pairspan.kms.delivery.MasterCensus;

/** Finds the masters of ETSI GS QKD 014 in the journal. */
public final class JournalMasterCensus implements MasterCensus {

    private static final String PAGE = """
            SELECT DISTINCT persistence_id FROM event_journal
            WHERE persistence_id > ? AND persistence_id LIKE ? ORDER BY persistence_id LIMIT ?""";

    private final EntityPages masters;

    /** @param blocking runs what blocks on the database */
    public JournalMasterCensus(Journal journal, Executor blocking) {
        masters = new EntityPages(journal, blocking, "masters", "etsi-014-keys|");
    }

    @Override
    public CompletionStage<List<String>> next(String after, int most) {
        return masters.read(PAGE, after, most);
    }
}
