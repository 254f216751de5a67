package org.pairspan.kms.cluster;

import org.apache.pekko.actor.typed.ActorRef;

/**
 * Asked of every other server, several times a second: do you count me in?
 *
 * @param server  the asker's address as Pekko writes it
 * @param uid     of the asker's process
 * @param sentNs  the asker's monotonic time, echoed
 */
public record Beat(String server, long uid, long sentNs, ActorRef<Beat.Echo> replyTo) implements ClusterMessage, StandingKeeper.Command {

    /**
     * The answer.
     *
     * @param server    who answers
     * @param countsIn  it has the asker as a reachable member of its cluster
     * @param cluster   the cluster's id as text; empty where the answerer does not know it yet
     * @param journal   the answerer reaches the journal
     */
    public record Echo(String server, long uid, long sentNs, boolean countsIn, String cluster, boolean journal)
            implements ClusterMessage, StandingKeeper.Command {
    }
}
