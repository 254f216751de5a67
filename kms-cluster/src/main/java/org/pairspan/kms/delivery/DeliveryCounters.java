package org.pairspan.kms.delivery;

import java.util.concurrent.atomic.LongAdder;

/** What a server counts of ETSI GS QKD 014 since its start. Safe for use by several threads. */
final class DeliveryCounters {

    /** Connections open now. */
    final LongAdder connections = new LongAdder();
    /** Connections closed because there were too many, in all, of strangers or of one SAE. */
    final LongAdder turnedAway = new LongAdder();
    /** Connections that ended before they were authenticated. */
    final LongAdder failedHandshakes = new LongAdder();
    /** Requests read. */
    final LongAdder requests = new LongAdder();
    /** Keys that went to masters. */
    final LongAdder toMasters = new LongAdder();
    /** Keys that went to slaves. */
    final LongAdder toSlaves = new LongAdder();
    /** Answers to slaves that had a key in them which had been delivered before. */
    final LongAdder again = new LongAdder();
    /** Requests answered with 400. */
    final LongAdder badRequests = new LongAdder();
    /** Requests answered with 401. */
    final LongAdder unauthorized = new LongAdder();
    /** Requests answered with 503. */
    final LongAdder unavailable = new LongAdder();
}
