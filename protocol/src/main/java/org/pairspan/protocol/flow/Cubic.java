package org.pairspan.protocol.flow;

/**
 * CUBIC (RFC 9438) that tells congestion from random loss.
 *
 * <p><b>When a loss counts.</b> Plain CUBIC takes each loss for a full queue. On a line that loses 1 % by itself its window then stays
 * near ten pieces, whatever the line could carry. Here, as in TCP Veno, a loss counts as congestion only
 * <ul>
 * <li>with a standing queue: the smallest round-trip times of this round and of the last both exceed the path's own by more than 4 ms
 * or a sixteenth, whichever is more ({@link QueueingDelay}), at most each tenth of a second; or
 * <li>when more than a tenth of at least {@value #LOSS_SAMPLE} pieces are lost: no line worth using loses that much by itself, and a
 * bottleneck whose buffer is too short to show as delay must not be flooded.
 * </ul>
 * Either way the window is cut at most once a round trip. Losses that don't count are repaired all the same. The price: in front of a
 * bottleneck that buffers less than 4 ms this sender bears up to a tenth of loss, and takes more than its share.
 *
 * <p><b>Growth</b> is RFC 9438's: doubling until the delay rises (HyStart++, RFC 9406), then the cubic curve or what Reno would have,
 * whichever is more. The window never grows while payload, not the window, is the limit. It begins anew when the path has become longer.
 */
public final class Cubic implements CongestionControl {
    /** Window at the start (RFC 6928). */
    public static final int INITIAL_WINDOW = 10;
    /** Smallest window. */
    public static final int MIN_WINDOW = 4;
    /** Pieces over which the share of lost ones is judged. */
    public static final int LOSS_SAMPLE = 256;

    // A cut for delay must first show: a host whose threads wait for the processor looks like a queue that no cut drains.
    private static final long SETTLING_NS = 100_000_000L;
    private static final double LOSS_CAP = 0.1;
    private static final double C = 0.4;
    private static final double BETA = 0.7;
    private static final double RENO_ALPHA = 3 * (1 - BETA) / (1 + BETA);
    private static final double NS_PER_SECOND = 1e9;

    private final int maxWindow;
    private final CongestionCounters counters = new CongestionCounters();
    private final QueueingDelay delay = new QueueingDelay(counters);
    private final SlowStartExit slowStart = new SlowStartExit();
    private double window = INITIAL_WINDOW;
    private double threshold = Double.MAX_VALUE;
    private double maximum;
    private double priorWindow;
    private double renoWindow;
    private double originS;
    private boolean epoch;
    private long epochNs;
    private long lastNs;
    private long roundNs;
    private boolean reduced;
    private long reducedNs;
    private long sampled;
    private long sampledLost;

    /** @param maxWindow most pieces that may be on the way, at least {@link #MIN_WINDOW}: what the sender's memory holds. */
    public Cubic(int maxWindow) {
        if (maxWindow < MIN_WINDOW) {
            throw new IllegalArgumentException("a window of at most " + maxWindow + " pieces");
        }
        this.maxWindow = maxWindow;
        this.window = Math.min(INITIAL_WINDOW, maxWindow);
    }

    @Override
    public int window() {
        return delay.isDraining() ? MIN_WINDOW : (int) window;
    }

    @Override
    public boolean isSlowStart() {
        return window < threshold;
    }

    /** What was counted; any thread may read it. */
    public CongestionCounters counters() {
        return counters;
    }

    @Override
    public void onRoundTrip(long rttNs, long nowNs) {
        delay.onSample(rttNs, nowNs);
        if (isSlowStart()) {
            slowStart.onSample(rttNs);
        }
    }

    @Override
    public void onAcknowledged(int pieces, long newestSentNs, boolean limited, long nowNs) {
        if (nowNs - lastNs < 0) {
            onClockBackward(nowNs);
        }
        sampled += pieces;
        if (newestSentNs - roundNs >= 0) {
            endRound(nowNs);
        }
        if (limited && !delay.isDraining()) {
            grow(pieces, nowNs);
        } else if (epoch) {
            epochNs += nowNs - lastNs;
        }
        lastNs = nowNs;
    }

    private void endRound(long nowNs) {
        roundNs = nowNs;
        if (delay.endRound(nowNs)) {
            // What the window was cut for was no queue, and nothing is known of the limit of this path.
            threshold = Double.MAX_VALUE;
            epoch = false;
            slowStart.restart();
        }
        if (isSlowStart() && slowStart.endRound()) {
            threshold = window;
        }
        judgeLossShare(nowNs);
        if (sampled >= LOSS_SAMPLE) {
            sampled = 0;
            sampledLost = 0;
        }
        counters.window.set(window());
    }

    private void grow(int pieces, long nowNs) {
        if (isSlowStart()) {
            window += (double) pieces / slowStart.divisor();
        } else {
            growCubic(pieces, nowNs);
        }
        window = Math.min(window, maxWindow);
    }

    // RFC 9438 sections 4.2 to 4.5.
    private void growCubic(int pieces, long nowNs) {
        if (!epoch) {
            epoch = true;
            epochNs = nowNs;
            maximum = Math.max(maximum, window);
            originS = Math.cbrt((maximum - window) / C);
            renoWindow = window;
        }
        double elapsedS = (nowNs - epochNs) / NS_PER_SECOND;
        double target = Math.clamp(curve(elapsedS + delay.roundTripNs() / NS_PER_SECOND), window, 1.5 * window);
        renoWindow += (renoWindow < priorWindow ? RENO_ALPHA : 1) * pieces / window;
        window = Math.max(window + (target - window) * Math.min(1, pieces / window), Math.min(renoWindow, 1.5 * window));
    }

    private double curve(double seconds) {
        double past = seconds - originS;
        return C * past * past * past + maximum;
    }

    @Override
    public void onLost(int pieces, long newestSentNs, long nowNs) {
        sampled += pieces;
        sampledLost += pieces;
        if (reduced && newestSentNs - reducedNs <= 0) {
            return;
        }
        if (delay.isStanding() && (!reduced || nowNs - reducedNs >= SETTLING_NS)) {
            reduce(nowNs);
        } else {
            judgeLossShare(nowNs);
        }
    }

    private void judgeLossShare(long nowNs) {
        if (sampled >= LOSS_SAMPLE && sampledLost > sampled * LOSS_CAP) {
            reduce(nowNs);
            delay.doubt(nowNs);
        }
    }

    // RFC 9438 sections 4.6 and 4.7 (fast convergence).
    private void reduce(long nowNs) {
        maximum = window < maximum ? window * (1 + BETA) / 2 : window;
        priorWindow = window;
        window = Math.max(window * BETA, MIN_WINDOW);
        threshold = window;
        epoch = false;
        reduced = true;
        reducedNs = nowNs;
        sampled = 0;
        sampledLost = 0;
        counters.reductions.increment();
    }

    @Override
    public void onPersistentCongestion(long nowNs) {
        reduce(nowNs);
        window = MIN_WINDOW;
        slowStart.restart();
    }

    private void onClockBackward(long nowNs) {
        epochNs = nowNs;
        roundNs = nowNs;
        reducedNs = nowNs;
        lastNs = nowNs;
        delay.onClockBackward(nowNs);
    }
}
