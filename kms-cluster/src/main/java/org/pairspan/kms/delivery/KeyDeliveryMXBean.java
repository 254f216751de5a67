package org.pairspan.kms.delivery;

/**
 * Keys for others, as JMX shows it, {@code org.pairspan:type=KeyDelivery,name=<server>}. Counts run from the server's start. Never a key.
 */
public interface KeyDeliveryMXBean {

    /** {@code host:port} of ETSI GS QKD 014. */
    String getAddress();

    /** Connections open now. */
    long getConnections();

    /** Connections closed because there were too many, in all, of strangers or of one SAE. */
    long getConnectionsTurnedAway();

    /** Connections that ended before they were authenticated. */
    long getFailedHandshakes();

    /** Requests. */
    long getRequests();

    /** Keys that went to masters. */
    long getKeysToMasters();

    /** Keys that went to slaves. */
    long getKeysToSlaves();

    /** Answers to slaves that had a key in them which had been delivered before. */
    long getRedeliveries();

    /** Requests answered with 400. */
    long getBadRequests();

    /** Requests answered with 401. */
    long getUnauthorized();

    /** Requests answered with 503. */
    long getUnavailable();
}
