package org.pairspan.kms.cluster;

import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.CompletionException;

/** What a server says in the cluster row about its cluster. Blocks; fails with {@link CompletionException} where the journal does not answer. */
final class TenureWord {

    private TenureWord() {
    }

    /**
     * Counts on in the row. Only a count that moves on after this began is a proof: a founder replaces what stood still.
     *
     * @return which cluster the row names afterwards; null for none
     */
    static UUID atWork(ClusterRow row, UUID cluster) {
        try {
            byte[] before = row.read();
            if (before == null) {
                return null;
            }
            Tenure tenure = Tenure.parse(before);
            if (!tenure.cluster().equals(cluster) || row.replace(before, tenure.next().bytes())) {
                return tenure.cluster();
            }
            byte[] after = row.read();
            return after == null ? null : Tenure.parse(after).cluster();
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    /** Leaves the row to the next cluster, where it is this one's. */
    static void leaveFree(ClusterRow row, UUID cluster) {
        try {
            byte[] value = row.read();
            if (value == null) {
                return;
            }
            Tenure tenure = Tenure.parse(value);
            if (tenure.cluster().equals(cluster)) {
                row.replace(value, tenure.released().bytes());
            }
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }
}
