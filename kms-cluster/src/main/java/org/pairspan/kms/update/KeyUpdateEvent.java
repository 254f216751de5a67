package org.pairspan.kms.update;

import java.util.List;
import org.pairspan.kms.cluster.ClusterMessage;

/** What happens to the list of updates that are to be done, as the journal has it. */
public sealed interface KeyUpdateEvent extends ClusterMessage permits KeyUpdateEvent.JobStarted, KeyUpdateEvent.PairsOpened,
        KeyUpdateEvent.PairClosed, KeyUpdateEvent.JobEnded {

    /** A job began. */
    record JobStarted(UpdateJob job) implements KeyUpdateEvent {
    }

    /**
     * The next pairs of a job, as entity ids.
     *
     * @param cursor up to which id the pairs were looked through; empty where they were not found by search
     * @param last   whether the job has no others
     */
    record PairsOpened(long job, List<String> pairs, String cursor, boolean last) implements KeyUpdateEvent {

        public PairsOpened {
            pairs = List.copyOf(pairs);
        }
    }

    /** Nothing more is to be done about a pair. */
    record PairClosed(long job, String pair) implements KeyUpdateEvent {
    }

    /** A job is over; what it has not done stays undone. */
    record JobEnded(long job) implements KeyUpdateEvent {
    }
}
