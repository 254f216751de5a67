package org.pairspan.kms.update;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.pairspan.kms.cluster.ClusterMessage;

/** What the list of updates is told and asked from anywhere in the cluster. */
public sealed interface UpdateJobs extends KeyUpdates.Command, ClusterMessage {

    /** Begin a job, see {@link UpdateJob}. Answered with its number. */
    record Begin(int kind, String scope, ActorRef<Begun> replyTo) implements UpdateJobs {
    }

    /** The job that was begun. */
    record Begun(long job) implements ClusterMessage {
    }

    /** Begin no further pairs of a job, and forget those that wait. Answered with the number, or 0 where there is no such job. */
    record Cancel(long job, ActorRef<Begun> replyTo) implements UpdateJobs {
    }

    /** This pair's key has been used enough; its entity id. */
    record Worn(String pair) implements UpdateJobs {
    }

    /** How far is everything? */
    record Ask(ActorRef<Report> replyTo) implements UpdateJobs {
    }

    /**
     * Answer to {@link Ask}: a line for each job, with its newest first, and for some of the pairs that wait.
     */
    record Report(List<String> jobs, List<String> waiting) implements ClusterMessage {

        public Report {
            jobs = List.copyOf(jobs);
            waiting = List.copyOf(waiting);
        }
    }
}
