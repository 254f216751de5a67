package org.pairspan.kms.app;

import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.pairspan.kms.audit.chain.AuditMXBean;
import org.pairspan.kms.audit.chain.ChainedAuditLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A key server that can write no audit record may answer nobody. So it leaves its cluster, in order: its members go to other servers, its
 * pairs are handed over to them, and its process ends. Nothing of that waits for a record.
 */
enum Departure implements CoordinatedShutdown.Reason {

    NO_AUDIT_RECORD;

    private static final Logger LOG = LoggerFactory.getLogger(Departure.class);

    /** Returns at once. */
    static void begin(ActorSystem<?> system, String server, AuditMXBean log) {
        LOG.error("{} has written no audit record for {} s: it leaves the cluster, so that others serve its pairs, and ends. Make room on the disk of "
                + "{}, or put right what is wrong with it, and start {} again: {}", server, ChainedAuditLog.OUT_AFTER.toSeconds(), log.getFile(), server,
                log.getLastFailure());
        CoordinatedShutdown.get(system).runAll(NO_AUDIT_RECORD);
    }
}
