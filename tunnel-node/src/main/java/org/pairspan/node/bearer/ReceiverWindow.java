package org.pairspan.node.bearer;

import io.aeron.driver.CongestionControl;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.pairspan.protocol.rtt.RttMeasurement;

/**
 * What a peer may have in flight to this node: as much as the path needs, so that queues stay short. It begins small, and where the peer
 * brought more than half of it within one round trip it becomes twice what came: the rule of dynamic right-sizing. As it is the round
 * trip without queues that counts, a queue that grows because the window did lets the window grow no further. Once the round trip is
 * measured it begins anew; otherwise it never shrinks, for a sender that pauses is to find its window again, as is one that replaces
 * its stream by one of longer terms.
 *
 * <p>Only where there may be a queue it <em>ebbs</em> every few seconds, for as long as a measurement takes: a third of it is granted.
 * Where the window is what keeps a queue standing, the round trip then is shorter by as much, so that a queue is told from a path that has
 * become longer without a long memory, and the window stays. Where the peer keeps one in the other direction, the round trip has both:
 * so who sees the other's window ebb ebbs too.
 */
final class ReceiverWindow implements CongestionControl {
    /**
     * Two full batches and more: enough for 10 Gbit/s at a round trip of 0.2 ms. With 96 KiB a ping under load waits for a third less, but
     * on a slow line TCP beside the tunnel, which fills the line's queue, leaves it less than a quarter.
     */
    private static final int INITIAL = 256 * 1024;
    /** Stands for the round trip while it is not measured: generous, so that a long path is not held back for want of a measurement. */
    private static final long ASSUMED_ROUND_TRIP_NS = TimeUnit.MILLISECONDS.toNanos(100);
    /** Shortest time over which arrivals are counted; within less, one batch would look like a rate. */
    private static final long LEAST_INTERVAL_NS = TimeUnit.MICROSECONDS.toNanos(500);

    /** Between two ebbs: a measurement of each is always among those that the shortest round trip is taken from. */
    static final long EBB_INTERVAL_NS = RttMeasurement.MINIMUM_MEMORY_NS * 4 / 5;
    private static final int EBB = 3;
    /** The round trip with a queue is longer than the shortest by a quarter or more. */
    private static final int QUEUE_SHIFT = 2;
    private static final long LONGEST_EBB_NS = TimeUnit.SECONDS.toNanos(1);

    private final PeerPath path;
    private final int sessionId;
    private final int most;
    private int length;
    private long outcome;
    private boolean measured;
    private boolean started;
    private boolean ebbing;
    private long turnedNs;
    private int peerGranted;
    private boolean counting;
    private long countedFrom;
    private long countedSinceNs;

    /**
     * @param path       on which the stream comes.
     * @param sessionId  of the stream.
     * @param most       largest length in bytes.
     * @param termLength of the image. A window is never larger than half of it, and exactly that only where it would be larger with longer
     *                   terms: by that the peer knows.
     */
    ReceiverWindow(PeerPath path, int sessionId, int most, int termLength) {
        this.path = path;
        this.sessionId = sessionId;
        this.most = most > termLength / 2 ? termLength / 2 : Math.min(most, termLength / 2 - 1);
        this.measured = path.peer.roundTripNs() != 0;
        set(Math.min(Math.max(INITIAL, measured ? path.window : 0), this.most));
        path.images.add(sessionId);
    }

    @Override
    public long onTrackRebuild(long nowNs, long newConsumptionPosition, long lastSmPosition, long hwmPosition,
            long startingRebuildPosition, long endingRebuildPosition, boolean lossOccurred) {
        long roundTripNs = path.peer.roundTripNs();
        if (roundTripNs == 0) {
            roundTripNs = ASSUMED_ROUND_TRIP_NS;
        } else if (!measured) {
            measured = true;
            counting = false;
            set(Math.min(INITIAL, most));
        }
        turn(nowNs);
        long elapsedNs = nowNs - countedSinceNs;
        if (!counting || elapsedNs >= Math.max(roundTripNs, LEAST_INTERVAL_NS)) {
            if (counting && !ebbing && length < most) {
                grow(perRoundTrip(newConsumptionPosition - countedFrom, roundTripNs, elapsedNs));
            }
            counting = true;
            countedFrom = newConsumptionPosition;
            countedSinceNs = nowNs;
        }
        return outcome;
    }

    private void turn(long nowNs) {
        boolean peerEbbs = path.granted < peerGranted / 2;
        long intervalNs = ebbing ? ebbNs() : peerEbbs ? EBB_INTERVAL_NS / 2 : EBB_INTERVAL_NS;
        peerGranted = path.granted;
        if (!started) {
            started = true;
            turnedNs = nowNs;
        } else if (nowNs - turnedNs >= intervalNs && (ebbing || isQueued())) {
            ebbing = !ebbing;
            turnedNs = nowNs;
            counting = false;
            set(length);
        }
    }

    private boolean isQueued() {
        long shortestNs = path.peer.roundTripNs();
        return shortestNs != 0 && path.peer.smoothedRoundTripNs() - shortestNs >= shortestNs >> QUEUE_SHIFT;
    }

    // Until the queue has become shorter, the next request is sent, and its answer is here.
    private long ebbNs() {
        return Math.min(2 * path.peer.smoothedRoundTripNs() + 2 * RttMeasurement.BUSY_INTERVAL_NS, LONGEST_EBB_NS);
    }

    private static long perRoundTrip(long bytes, long roundTripNs, long elapsedNs) {
        return (long) ((double) bytes * roundTripNs / elapsedNs);
    }

    private void grow(long bytesPerRoundTrip) {
        if (2 * bytesPerRoundTrip > length) {
            set((int) Math.min(2 * bytesPerRoundTrip, most));
        }
    }

    private void set(int bytes) {
        length = bytes;
        path.window = bytes;
        outcome = CongestionControl.packOutcome(ebbing ? bytes / EBB : bytes, false);
    }

    @Override
    public int initialWindowLength() {
        return length;
    }

    @Override
    public int maxWindowLength() {
        return most;
    }

    @Override
    public boolean shouldMeasureRtt(long nowNs) {
        return false;
    }

    @Override
    public void onRttMeasurementSent(long nowNs) {
        throw new IllegalStateException("this window asks for no measurement");
    }

    @Override
    public void onRttMeasurement(long nowNs, long rttNs, InetSocketAddress srcAddress) {
        throw new IllegalStateException("no measurement of Aeron's passes the bearer");
    }

    @Override
    public void close() {
        path.images.remove(sessionId);
    }
}
