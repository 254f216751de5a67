package org.pairspan.kms.audit.chain;

import java.util.function.LongSupplier;

/**
 * A time in which no record could be written, without a break: since the first write began that failed, or has not come back, as from a
 * file system whose server is gone. Any thread.
 */
final class Outage {

    /** A write that takes so long in an outage is not only about to fail. */
    private static final long HANGS_AFTER_NS = 1_000_000_000;

    private final LongSupplier nanoTime;
    private boolean writing;
    private boolean failing;
    private long sinceNs;
    private long writingSinceNs;
    private boolean lasts;

    /** @param nanoTime a monotonic clock, ns */
    Outage(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A write begins. */
    synchronized void begin() {
        writingSinceNs = nanoTime.getAsLong();
        sinceNs = failing ? sinceNs : writingSinceNs;
        writing = true;
    }

    /** The write came back with a failure. Returns whether the outage lasts from now on; true once. */
    synchronized boolean failed() {
        writing = false;
        failing = true;
        return lastsNow();
    }

    /** The write came back well: the outage is over, if there was one. Returns whether there was. */
    synchronized boolean end() {
        boolean was = failing || lasts;
        writing = false;
        failing = false;
        lasts = false;
        return was;
    }

    /** What hangs is noticed. Returns whether the outage lasts from now on; true once. */
    synchronized boolean hung() {
        return hangs() && lastsNow();
    }

    private boolean lastsNow() {
        boolean lastsNow = !lasts && isLong(nanoTime.getAsLong());
        lasts = lasts || lastsNow;
        return lastsNow;
    }

    private boolean isLong(long now) {
        return now - sinceNs >= ChainedAuditLog.OUT_AFTER.toNanos();
    }

    /** Whether the last write failed. */
    synchronized boolean isFailing() {
        return failing;
    }

    /** Whether it has lasted for {@link ChainedAuditLog#OUT_AFTER}. */
    synchronized boolean lasts() {
        return lasts;
    }

    /** Whether there is one for as long, and what is written now does not come back. */
    synchronized boolean hangs() {
        long now = nanoTime.getAsLong();
        return writing && isLong(now) && now - writingSinceNs >= HANGS_AFTER_NS;
    }
}
