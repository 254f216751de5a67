package org.pairspan.kms.app;

import java.security.SecureRandom;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.remote.RemoteTransportException;
import org.pairspan.kms.cluster.ClusterSystem;
import org.pairspan.kms.config.KmsSettings;
import org.pairspan.kms.journal.Journal;
import org.pairspan.runtime.config.ConfigurationException;
import org.pairspan.runtime.config.HostPort;
import org.pairspan.runtime.tls.TlsContexts;

/** Begins a key server's part of the cluster that works on its journal. */
final class KeyServerSystem {

    private static final String JOURNAL_ID = "journal-id";
    private static final int JOURNAL_ID_LENGTH = 16;
    private static final String TOKEN_MARK_KEY = "token-mark-key";
    private static final int TOKEN_MARK_KEY_LENGTH = 32;

    private KeyServerSystem() {
    }

    /** @throws ConfigurationException where the cluster's port cannot be had */
    static ActorSystem<?> start(KmsSettings settings, TlsContexts tls, Journal journal) {
        byte[] journalId = journal.sharedValue(JOURNAL_ID, random(JOURNAL_ID_LENGTH));
        try {
            return ClusterSystem.start(settings.cluster(), tls, journal.pekkoConfig(), journalId, journal.clusterRow());
        } catch (RemoteTransportException e) {
            throw new ConfigurationException("pairspan.kms.cluster.host, port", HostPort.text(settings.cluster().own()),
                    "must be a free port at an address of this machine", "choose another, or stop what uses it", e);
        }
    }

    /** By which all servers of a journal know the enrolment tokens that were made for it. Blocks. */
    static byte[] tokenMarkKey(Journal journal) {
        return journal.sharedValue(TOKEN_MARK_KEY, random(TOKEN_MARK_KEY_LENGTH));
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }
}
