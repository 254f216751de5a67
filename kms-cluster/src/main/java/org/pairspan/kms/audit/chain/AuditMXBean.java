package org.pairspan.kms.audit.chain;

/** The audit log of a key server. */
public interface AuditMXBean {

    /** Where records are written. */
    String getFile();

    /** Number of the last record of the chain. */
    long getLastRecord();

    /** Its hash, hex. Kept somewhere else, it tells later whether the log up to here is what it was. */
    String getLastHash();

    /** Number of the last record that is a signed checkpoint. */
    long getLastCheckpoint();

    /** Records written by this run. */
    long getWrites();

    /** Records that could not be written, and whose requests were refused. */
    long getRefusals();

    /** Records that wait now. */
    int getWaiting();

    /** Why the last refused record could not be written; empty where none was. */
    String getLastFailure();
}
