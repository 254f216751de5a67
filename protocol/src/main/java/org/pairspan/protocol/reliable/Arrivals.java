package org.pairspan.protocol.reliable;

import org.agrona.DirectBuffer;
import org.pairspan.protocol.flow.CongestionControl;
import org.pairspan.protocol.rtt.RoundTripTime;

/** Takes one acknowledgement apart: which pieces arrived by it for the first time, and what that says about the path. */
final class Arrivals {
    private final RoundTripTime roundTripTime;
    private final CongestionControl congestion;
    private final LossDetection lossDetection;
    private SentPieces pieces;
    private int count;
    private int newest;
    private boolean newestResent;
    private long delayNs;
    private long newestSentNs;
    private long nowNs;

    Arrivals(RoundTripTime roundTripTime, CongestionControl congestion, LossDetection lossDetection) {
        this.roundTripTime = roundTripTime;
        this.congestion = congestion;
        this.lossDetection = lossDetection;
    }

    /**
     * Applies an acknowledgement that speaks only of pieces that were sent and not yet confirmed.
     *
     * @return how many pieces arrived.
     */
    int apply(DirectBuffer message, int offset, SentPieces sentPieces, long now) {
        pieces = sentPieces;
        count = 0;
        newest = Acknowledgement.newest(message, offset);
        delayNs = Acknowledgement.delayNs(message, offset);
        newestResent = Acknowledgement.kind(message, offset) == Acknowledgement.STATE_RESENT;
        nowNs = now;
        int next = Acknowledgement.next(message, offset);
        for (int number = pieces.first(); number != next; number++) {
            if (!pieces.hasArrived(pieces.index(number))) {
                onArrived(number);
            }
        }
        pieces.release(next);
        int words = Acknowledgement.words(message, offset);
        for (int word = 0; word < words; word++) {
            int base = next + word * Long.SIZE;
            long news = Acknowledgement.word(message, offset, word);
            if (news != 0) {
                news &= ~pieces.arrivedFrom(base);
            }
            while (news != 0) {
                onArrived(base + Long.numberOfTrailingZeros(news));
                news &= news - 1;
            }
        }
        return count;
    }

    /** When the last sent of those pieces was sent; only when there was one. */
    long newestSentNs() {
        return newestSentNs;
    }

    private void onArrived(int number) {
        int index = pieces.index(number);
        long sentNs = pieces.sentNs(index);
        int transmissions = pieces.transmissions(index);
        if (transmissions == 1 || number == newest && newestResent) {
            // Of any other piece sent twice nobody knows which sending arrived.
            lossDetection.onArrived(pieces.order(index), sentNs, nowNs);
        }
        pieces.markArrived(index);
        if (number == newest && transmissions == 1) {
            // Karn's algorithm (RFC 6298 section 3).
            sample(nowNs - sentNs - delayNs);
        }
        if (count == 0 || sentNs - newestSentNs > 0) {
            newestSentNs = sentNs;
        }
        count++;
    }

    private void sample(long rttNs) {
        roundTripTime.onSample(rttNs, nowNs);
        if (rttNs > 0) {
            congestion.onRoundTrip(rttNs, nowNs);
        }
    }
}
