package org.pairspan.protocol.alert;

import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.protocol.control.ControlSink;
import org.pairspan.protocol.wire.Counter;
import org.pairspan.protocol.wire.TokenBucket;

/**
 * Alerts with one peer (PS-9), both ways. They travel inside the association like payload, so only its two ends can make or read them.
 * Whatever failed a check of SPA or ESP is never answered, and an alert says nothing about keys, nor which check failed. No alert answers
 * an alert. What happens often is said seldom, with a count: a bucket of {@value #BURST} alerts fills by one a second.
 *
 * <p>One thread, except where said otherwise; times are nanoseconds of one monotonic clock.
 */
public final class Alert {
    /** The largest burst of alerts to one peer. */
    static final int BURST = 4;
    /** A datagram may be lost, and this one has no second chance. */
    static final int CLOSE_COPIES = 3;

    private static final long REFILL_NS = TimeUnit.SECONDS.toNanos(1);
    private static final AlertCode[] CODES = AlertCode.values();

    private final AlertListener listener;
    private final TokenBucket bucket;
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[AlertMessage.LENGTH]);
    private final long[] pending = new long[CODES.length];
    private final Counter[] sent = counters();
    private final Counter[] received = counters();
    private final Counter receivedUnknown = new Counter();
    private volatile ReceivedAlert last;
    private boolean anyPending;
    /** Where the next round over the codes begins, so that one that is raised all the time leaves room for the others. */
    private int nextCode;

    /**
     * Nothing sent, nothing received yet.
     *
     * @param listener told of the peer's alerts.
     * @param nowNs    the time.
     */
    public Alert(AlertListener listener, long nowNs) {
        this.listener = listener;
        this.bucket = new TokenBucket(BURST, REFILL_NS, nowNs);
    }

    /** Notes that the peer is to be told; {@link #doWork} does, as soon as the rate allows. Costs next to nothing, however often. */
    public void raise(AlertCode code) {
        pending[code.ordinal()]++;
        anyPending = true;
    }

    /**
     * Sends what was raised, as far as the rate allows.
     *
     * @param nowNs the time.
     * @param sink  for the alerts.
     * @return how many were sent.
     */
    public int doWork(long nowNs, ControlSink sink) {
        if (!anyPending || !bucket.has(nowNs)) {
            return 0;
        }
        int work = 0;
        for (int i = 0; i < CODES.length && bucket.has(nowNs); i++) {
            int code = (nextCode + i) % CODES.length;
            if (pending[code] > 0) {
                bucket.take(nowNs);
                work += send(CODES[code], sink);
            }
        }
        nextCode = (nextCode + 1) % CODES.length;
        anyPending = false;
        for (long occurrences : pending) {
            anyPending |= occurrences > 0;
        }
        return work;
    }

    /** Says at once, whatever the rate, that this node stops. Nothing more is to be sent after it. */
    public void close(ControlSink sink) {
        for (int i = 0; i < CLOSE_COPIES; i++) {
            pending[AlertCode.CLOSE_NOTIFY.ordinal()] = 1;
            send(AlertCode.CLOSE_NOTIFY, sink);
        }
    }

    /**
     * Takes an alert of the peer. One of a code that is not known here is counted, and nothing else.
     *
     * @param buffer of the message, its type first.
     * @param offset where it begins.
     * @param length its length in bytes.
     * @param nowNs  the time.
     * @return whether it was well-formed; what is not changes nothing.
     */
    public boolean onMessage(DirectBuffer buffer, int offset, int length, long nowNs) {
        if (!AlertMessage.isWellFormed(buffer, offset, length)) {
            return false;
        }
        AlertCode code = AlertCode.ofCode(AlertMessage.code(buffer, offset));
        if (code == null) {
            receivedUnknown.increment();
            return true;
        }
        ReceivedAlert alert = new ReceivedAlert(code, AlertMessage.occurrences(buffer, offset), nowNs);
        last = alert;
        // After the alert itself: who sees it counted can read it.
        received[code.ordinal()].increment();
        listener.onAlert(alert);
        return true;
    }

    /** The newest alert of the peer; null before the first. Any thread. */
    public ReceivedAlert last() {
        return last;
    }

    /** Alerts sent of this code. Any thread. */
    public long sent(AlertCode code) {
        return sent[code.ordinal()].get();
    }

    /** Alerts received of this code. Any thread. */
    public long received(AlertCode code) {
        return received[code.ordinal()].get();
    }

    /** Alerts received of codes that are not known here. Any thread. */
    public long receivedUnknown() {
        return receivedUnknown.get();
    }

    private int send(AlertCode code, ControlSink sink) {
        AlertMessage.write(message, code, pending[code.ordinal()]);
        if (!sink.send(message, 0, AlertMessage.LENGTH)) {
            return 0;
        }
        pending[code.ordinal()] = 0;
        sent[code.ordinal()].increment();
        return 1;
    }

    private static Counter[] counters() {
        Counter[] counters = new Counter[CODES.length];
        for (int i = 0; i < counters.length; i++) {
            counters[i] = new Counter();
        }
        return counters;
    }
}
