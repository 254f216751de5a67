package org.pairspan.protocol.reliable;

import org.agrona.DirectBuffer;
import org.pairspan.protocol.rtt.RoundTripTime;
import org.pairspan.protocol.wire.DropCounters;
import org.pairspan.protocol.wire.DropReason;

/** Which acknowledgements a sender goes by; what it does not is counted. Owner thread. */
final class AcknowledgementChecks {
    private final RoundTripTime roundTripTime;
    private final SenderCounters counters;
    private final DropCounters drops;
    private boolean renewed;
    private long renewedNs;

    AcknowledgementChecks(RoundTripTime roundTripTime, SenderCounters counters, DropCounters drops) {
        this.roundTripTime = roundTripTime;
        this.counters = counters;
        this.drops = drops;
    }

    boolean isWellFormed(DirectBuffer message, int offset, int length) {
        return Acknowledgement.isWellFormed(message, offset, length) || refused(DropReason.CONTROL_MALFORMED);
    }

    /** Whether a state speaks of nothing but pieces that were sent. Its next piece is not before the first one that is kept. */
    boolean isOfWhatWasSent(DirectBuffer message, int offset, SentPieces pieces) {
        int advance = Acknowledgement.next(message, offset) - pieces.first();
        return advance + Acknowledgement.span(message, offset) <= pieces.size() && advance <= pieces.size()
            && Acknowledgement.newest(message, offset) - pieces.end() < 0 || refused(DropReason.ACKNOWLEDGEMENT_REFUSED);
    }

    /** Receivers that really start anew are further apart; so a peer that does nothing else can't keep this thread busy. */
    boolean mayStartAnew(long nowNs) {
        if (renewed && nowNs - renewedNs < roundTripTime.rtoNs(0)) {
            counters.refused.increment();
            return false;
        }
        renewed = true;
        renewedNs = nowNs;
        return true;
    }

    void shift(long byNs) {
        renewedNs += byNs;
    }

    private boolean refused(DropReason reason) {
        counters.refused.increment();
        drops.increment(reason);
        return false;
    }
}
