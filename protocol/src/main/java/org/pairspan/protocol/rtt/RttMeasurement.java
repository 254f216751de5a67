package org.pairspan.protocol.rtt;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.protocol.control.ControlSink;
import org.pairspan.protocol.control.ControlType;
import org.pairspan.protocol.wire.Counter;

/**
 * Measures the round-trip time to one peer (PS-7): sends a request now and then, which the peer answers at its next turn, and takes
 * what acknowledgements tell as well. Owner thread only, but for the counters and gauges.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |   Type = 3    | 0 ask, 1 reply|                               |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+                               +
 *  |           Token: the asking side's clock, nanoseconds         |
 *  +                               +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                               |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>A reply counts only with the token of a request that is still open; each token counts once. The association keeps strangers out,
 * and a peer that replies late or not at all makes only its own tunnel look slow.
 */
public final class RttMeasurement implements RoundTripTime {
    /** Bytes of either message. */
    public static final int LENGTH = 10;
    /** Between requests while nothing flows. */
    public static final long IDLE_INTERVAL_NS = 1_000_000_000L;
    /** Between requests while traffic flows. */
    public static final long BUSY_INTERVAL_NS = 100_000_000L;
    /**
     * Shortest retransmission timeout. RFC 6298 asks for a second to spare slow hosts' clocks; here it starts a probe of two pieces and
     * shrinks no window, so too early costs little, and too late is a stall that a user of a fast network sees. Two milliseconds hold
     * an acknowledgement delay and a turn of a busy node.
     */
    public static final long MIN_RTO_NS = 2_000_000L;
    /**
     * Longest retransmission timeout, but never shorter than twice the smoothed time: after an outage the stream goes on within a
     * second, and two pieces a second burden no network. Also the timeout before the first sample (RFC 6298 section 2.1).
     */
    public static final long MAX_RTO_NS = 1_000_000_000L;

    /**
     * The longest that an acknowledgement waits at the peer; a quarter of the round-trip time where that is shorter. Samples come without
     * it, so a timeout has to wait for it (max_ack_delay of RFC 9002 section 6.2.1).
     */
    public static final long MAX_ACKNOWLEDGEMENT_DELAY_NS = 1_000_000L;

    /**
     * How long the smallest sample is remembered at least; at most twice as long. Short, so that a path that has become longer is known
     * for what it is. Whoever keeps a queue standing lets it become shorter for a moment in each such time, or takes it for distance.
     */
    public static final long MINIMUM_MEMORY_NS = 10_000_000_000L;

    // Clock granularity (G of RFC 6298): a node looks at its timers once a turn, which under load takes up to this long.
    private static final long GRANULARITY_NS = 1_000_000L;
    private static final int MAX_BACKOFFS = 16;
    private static final byte ASK = 0;
    private static final byte REPLY = 1;
    private static final int KIND_OFFSET = 1;
    private static final int TOKEN_OFFSET = 2;
    // Open requests: at the busy interval, round trips of 0.8 s can still be measured, at the idle one 8 s.
    private static final int OPEN_REQUESTS = 8;

    private final RttEstimator estimator = new RttEstimator();
    private final UnsafeBuffer out = new UnsafeBuffer(new byte[LENGTH]);
    private final long[] tokens = new long[OPEN_REQUESTS];
    private final boolean[] open = new boolean[OPEN_REQUESTS];
    private final Counter requests = new Counter();
    private final Counter samples = new Counter();
    private final Counter ignored = new Counter();
    private boolean started;
    private boolean traffic;
    private int oldest;
    private long lastRequestNs;
    private boolean replyDue;
    private long replyToken;
    private boolean answered;
    private long answeredNs;

    /** Says that payload passed since the last request, so that the next is sent sooner. */
    public void onTraffic() {
        traffic = true;
    }

    /**
     * Takes a request or a reply, type byte included. Of several requests between two turns the last is answered. What is no
     * well-formed message, or a reply to nothing open, is counted and ignored.
     */
    public void onMessage(DirectBuffer message, int offset, int length, long nowNs) {
        if (length != LENGTH || message.getByte(offset) != ControlType.RTT.code()) {
            ignored.increment();
            return;
        }
        byte kind = message.getByte(offset + KIND_OFFSET);
        long token = message.getLong(offset + TOKEN_OFFSET, ByteOrder.BIG_ENDIAN);
        if (kind == ASK) {
            replyToken = token;
            replyDue = true;
        } else if (kind == REPLY && close(token)) {
            answeredNs = answered ? Math.max(answeredNs, token) : token;
            answered = true;
            onSample(nowNs - token, nowNs);
        } else {
            ignored.increment();
        }
    }

    /**
     * Sends the reply and the request that are due.
     *
     * @return messages sent.
     */
    public int doWork(long nowNs, ControlSink sink) {
        int sent = 0;
        if (replyDue && send(REPLY, replyToken, sink)) {
            replyDue = false;
            sent++;
        }
        if (untilRequest(nowNs) <= 0 && send(ASK, nowNs, sink)) {
            started = true;
            lastRequestNs = nowNs;
            traffic = false;
            tokens[oldest] = nowNs;
            open[oldest] = true;
            oldest = (oldest + 1) % OPEN_REQUESTS;
            requests.increment();
            sent++;
        }
        return sent;
    }

    /** Nanoseconds until {@link #doWork} has something to send; 0 or less when it has. */
    public long dueInNs(long nowNs) {
        return replyDue ? 0 : untilRequest(nowNs);
    }

    private long untilRequest(long nowNs) {
        long since = nowNs - lastRequestNs;
        return !started || since < 0 ? 0 : (traffic ? BUSY_INTERVAL_NS : IDLE_INTERVAL_NS) - since;
    }

    private boolean send(byte kind, long token, ControlSink sink) {
        out.putByte(0, ControlType.RTT.code());
        out.putByte(KIND_OFFSET, kind);
        out.putLong(TOKEN_OFFSET, token, ByteOrder.BIG_ENDIAN);
        return sink.send(out, 0, LENGTH);
    }

    private boolean close(long token) {
        for (int i = 0; i < OPEN_REQUESTS; i++) {
            if (open[i] && tokens[i] == token) {
                open[i] = false;
                return true;
            }
        }
        return false;
    }

    @Override
    public void onSample(long rttNs, long nowNs) {
        if (estimator.take(rttNs, nowNs)) {
            samples.increment();
        } else {
            ignored.increment();
        }
    }

    @Override
    public long smoothedNs() {
        return estimator.smoothedNs();
    }

    @Override
    public long minimumNs() {
        return estimator.minimumNs();
    }

    /** Whether of the last eight requests, as far as they are older than one that was answered, no more than one was not: packets pass. */
    public boolean passes() {
        int lost = 0;
        for (int i = 0; i < OPEN_REQUESTS; i++) {
            lost += open[i] && tokens[i] - answeredNs < 0 ? 1 : 0;
        }
        return answered && lost <= 1;
    }

    /** When the newest of the requests that were answered was sent; has no meaning before the first. */
    public long answeredNs() {
        return answeredNs;
    }

    /** The last sample; 0 before the first. */
    public long latestNs() {
        return estimator.latestNs();
    }

    /** Mean deviation of the samples (RTTVAR of RFC 6298); 0 before the first. */
    public long variationNs() {
        return estimator.variationNs();
    }

    @Override
    public long rtoNs(int backoffs) {
        long smoothed = estimator.smoothedNs();
        if (smoothed == 0) {
            return MAX_RTO_NS;
        }
        long delay = Math.min(smoothed >> 2, MAX_ACKNOWLEDGEMENT_DELAY_NS);
        long rto = Math.max(MIN_RTO_NS, smoothed + Math.max(GRANULARITY_NS, 4 * estimator.variationNs()) + delay);
        return Math.min(rto << Math.min(backoffs, MAX_BACKOFFS), Math.max(MAX_RTO_NS, 2 * smoothed));
    }

    /** Requests sent. Any thread. */
    public long requests() {
        return requests.get();
    }

    /** Samples taken, from replies and acknowledgements. Any thread. */
    public long samples() {
        return samples.get();
    }

    /** Malformed messages, replies to nothing asked, and samples that can be none. Any thread. */
    public long ignored() {
        return ignored.get();
    }
}
