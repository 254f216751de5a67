package org.pairspan.node.bearer;

import io.aeron.driver.CongestionControl;
import java.net.InetSocketAddress;

/** A receiver window of one size: what a peer may have in flight to this node. */
final class ReceiverWindow implements CongestionControl {
    private final int length;
    private final long outcome;

    /**
     * @param wanted     length in bytes.
     * @param termLength of the image; a window is never larger than half of it.
     */
    ReceiverWindow(int wanted, int termLength) {
        length = Math.min(wanted, termLength / 2);
        outcome = CongestionControl.packOutcome(length, false);
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
        // A peer may answer what nobody asked; the window does not depend on it.
    }

    @Override
    public long onTrackRebuild(long nowNs, long newConsumptionPosition, long lastSmPosition, long hwmPosition,
            long startingRebuildPosition, long endingRebuildPosition, boolean lossOccurred) {
        return outcome;
    }

    @Override
    public int initialWindowLength() {
        return length;
    }

    @Override
    public int maxWindowLength() {
        return length;
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
