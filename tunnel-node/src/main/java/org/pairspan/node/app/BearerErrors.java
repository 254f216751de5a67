package org.pairspan.node.app;

import java.util.concurrent.TimeUnit;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what the bearer finds wrong, but not as often as it finds it: a peer can send what Aeron refuses, and an address that can't be
 * reached is tried each second. Any thread.
 */
final class BearerErrors implements ErrorHandler {
    private static final Logger LOG = LoggerFactory.getLogger(BearerErrors.class);
    static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(30);

    private final NanoClock clock;
    private boolean toldAny;
    private long toldAtNs;
    private long untold;

    BearerErrors(NanoClock clock) {
        this.clock = clock;
    }

    @Override
    public void onError(Throwable error) {
        long before = tell();
        if (before < 0) {
            LOG.debug("The bearer met an error", error);
        } else if (before == 0) {
            LOG.error("The bearer met an error", error);
        } else {
            LOG.error("The bearer met an error, and {} since the last one that was told", before, error);
        }
    }

    /** How many were not told since the last that was, where this one is to be told; or else -1. */
    synchronized long tell() {
        long nowNs = clock.nanoTime();
        if (toldAny && nowNs - toldAtNs < INTERVAL_NS) {
            untold++;
            return -1;
        }
        long before = untold;
        toldAny = true;
        toldAtNs = nowNs;
        untold = 0;
        return before;
    }
}
