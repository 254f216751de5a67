package org.pairspan.protocol.reliable;

import org.pairspan.protocol.wire.Counter;

/** What a {@link ReliableSender} counted. The sender's thread counts, any thread reads. */
public final class SenderCounters {
    final Counter sent = new Counter();
    final Counter resent = new Counter();
    final Counter probes = new Counter();
    final Counter acknowledged = new Counter();
    final Counter lost = new Counter();
    final Counter refused = new Counter();
    final Counter restarts = new Counter();
    final Counter abandoned = new Counter();
    final Counter windowLimited = new Counter();

    SenderCounters() {
    }

    /** Pieces sent for the first time. */
    public long sent() {
        return sent.get();
    }

    /** Sendings beyond the first of a piece. */
    public long resent() {
        return resent.get();
    }

    /** Timeouts at which a probe was sent. */
    public long probes() {
        return probes.get();
    }

    /** Pieces that arrived, as acknowledgements say. */
    public long acknowledged() {
        return acknowledged.get();
    }

    /** Pieces taken for lost; some may only have been late. */
    public long lost() {
        return lost.get();
    }

    /** Acknowledgements refused: malformed, of what was never sent, or asking for new incarnations too fast. */
    public long refused() {
        return refused.get();
    }

    /** Incarnations begun because the receiver had lost the stream. */
    public long restarts() {
        return restarts.get();
    }

    /** Pieces dropped: at such a restart, because their message had been delivered in part, or because the path became too narrow. */
    public long abandoned() {
        return abandoned.get();
    }

    /** How often the receiver's window held the sender. */
    public long windowLimited() {
        return windowLimited.get();
    }
}
