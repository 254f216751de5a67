package org.pairspan.protocol.reliable;

import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.protocol.control.ControlSink;
import org.pairspan.protocol.rtt.RoundTripTime;

/** Asks the receiver for its state, less and less often until it answers. */
final class StateRequests {
    // The way may be closed for hours: to a peer that is away, under keys that are worn.
    private static final long UNSENT_NS = 10_000_000L;

    private final RoundTripTime roundTripTime;
    private final UnsafeBuffer out = new UnsafeBuffer(new byte[Acknowledgement.REQUEST_LENGTH]);
    private int unanswered;
    private long nextNs;

    StateRequests(RoundTripTime roundTripTime) {
        this.roundTripTime = roundTripTime;
    }

    /** The first is due now. */
    void begin(long nowNs) {
        unanswered = 0;
        nextNs = nowNs;
    }

    /** A state came; the next request is due when no other came for a timeout. */
    void onState(long nowNs) {
        unanswered = 0;
        nextNs = nowNs + roundTripTime.rtoNs(0);
    }

    int doWork(long nowNs, byte incarnation, ControlSink sink) {
        if (dueInNs(nowNs) > 0) {
            return 0;
        }
        boolean sent = sink.send(out, 0, Acknowledgement.encodeRequest(out, incarnation));
        nextNs = nowNs + (sent ? roundTripTime.rtoNs(unanswered++) : UNSENT_NS);
        return sent ? 1 : 0;
    }

    long dueInNs(long nowNs) {
        return nextNs - nowNs;
    }

    void shift(long byNs) {
        nextNs += byNs;
    }
}
