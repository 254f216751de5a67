package org.pairspan.kms.audit.chain;

import java.util.function.LongSupplier;

/** A time in which no record could be written, without a break. Used by the log's thread, but for {@link #lasts()}. */
final class Outage {

    private final LongSupplier nanoTime;
    private boolean on;
    private long sinceNs;
    private volatile boolean lasts;

    /** @param nanoTime a monotonic clock, ns */
    Outage(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    boolean isOn() {
        return on;
    }

    /** @return whether it lasts from now on; true once */
    boolean failed() {
        long now = nanoTime.getAsLong();
        sinceNs = on ? sinceNs : now;
        on = true;
        boolean lastsNow = !lasts && now - sinceNs >= ChainedAuditLog.OUT_AFTER.toNanos();
        lasts = lasts || lastsNow;
        return lastsNow;
    }

    void end() {
        on = false;
        lasts = false;
    }

    /** Whether it has lasted for {@link ChainedAuditLog#OUT_AFTER}. Any thread. */
    boolean lasts() {
        return lasts;
    }
}
