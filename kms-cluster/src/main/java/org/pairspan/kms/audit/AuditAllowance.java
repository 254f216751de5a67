package org.pairspan.kms.audit;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.pairspan.kms.rate.RateLimit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many records somebody may cause who gets nothing for it. Past that they are counted, and {@link #summarize} records the count:
 * {@code 17 more refused of site-a since ...}. Refused is answered the same either way; nothing is given without a record. Any thread.
 */
public final class AuditAllowance {

    /** Sources remembered, those that came last; what was counted of others is recorded in one sum. */
    static final int MOST_SOURCES = 10_000;
    /** Sources named in one round of summaries; further ones are named in the next. */
    static final int MOST_SUMMARIES = 100;

    private static final Logger LOG = LoggerFactory.getLogger(AuditAllowance.class);

    private final AuditLog log;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final RateLimit ofOne;
    private final RateLimit ofAll;
    private final Map<String, Source> sources = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Source> eldest) {
            boolean full = size() > MOST_SOURCES;
            if (full) {
                forget(eldest.getValue());
            }
            return full;
        }
    };
    private long allWholeAgainNs;
    private Count forgotten;

    /** What has no record of its own: how much, since when, and the last of it. */
    private record Count(long number, Instant since, AuditRecord last) {

        Count and(Count newer) {
            return new Count(number + newer.number(), since, newer.last());
        }
    }

    private static final class Source {
        private long wholeAgainNs;
        private Count counted;

        Source(long nowNs) {
            wholeAgainNs = nowNs;
        }
    }

    /**
     * @param clock    of summaries
     * @param nanoTime a monotonic clock, ns
     * @param ofOne    source
     * @param ofAll    sources together
     */
    public AuditAllowance(AuditLog log, InstantSource clock, LongSupplier nanoTime, RateLimit ofOne, RateLimit ofAll) {
        this.log = log;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.ofOne = ofOne;
        this.ofAll = ofAll;
        allWholeAgainNs = nanoTime.getAsLong();
    }

    /**
     * Writes a record, or counts it.
     *
     * @param source who causes it: a member's id, a network
     * @return true when the record is safe; false where it was only counted; fails where the log fails
     */
    public CompletionStage<Boolean> write(String source, AuditRecord record) {
        return write(source, List.of(record));
    }

    /** The same of several records, of which all are written or none. */
    public CompletionStage<Boolean> write(String source, List<AuditRecord> records) {
        if (!admits(source, records)) {
            return CompletableFuture.completedStage(false);
        }
        CompletionStage<Boolean> written = CompletableFuture.completedStage(true);
        for (AuditRecord record : records) {
            written = written.thenCombine(log.write(record), (before, now) -> true);
        }
        return written;
    }

    private synchronized boolean admits(String who, List<AuditRecord> records) {
        if (records.isEmpty()) {
            return true;
        }
        long now = nanoTime.getAsLong();
        Source source = sources.computeIfAbsent(who, first -> new Source(now));
        long one = ofOne.after(source.wholeAgainNs, records.size(), now);
        long all = ofAll.after(allWholeAgainNs, records.size(), now);
        if (!ofOne.admits(one, now) || !ofAll.admits(all, now)) {
            count(source, new Count(records.size(), records.getLast().time(), records.getLast()));
            return false;
        }
        source.wholeAgainNs = one;
        allWholeAgainNs = all;
        return true;
    }

    /** Counts what is to have no record of its own, whatever the allowance. */
    public synchronized void count(String source, AuditRecord record) {
        count(sources.computeIfAbsent(source, first -> new Source(nanoTime.getAsLong())), new Count(1, record.time(), record));
    }

    private static void count(Source source, Count more) {
        source.counted = source.counted == null ? more : source.counted.and(more);
    }

    private void forget(Source source) {
        if (source.counted != null) {
            forgotten = forgotten == null ? source.counted : forgotten.and(source.counted);
        }
    }

    /** Records what was counted since the last time. Never fails: what cannot be recorded now is counted on. */
    public CompletionStage<Void> summarize() {
        CompletionStage<Void> all = CompletableFuture.completedStage(null);
        for (Map.Entry<String, Count> due : takeCounts().entrySet()) {
            Count counted = due.getValue();
            AuditRecord last = counted.last();
            all = all.thenCombine(log.write(new AuditRecord(clock.instant(), last.event(), last.actor(), last.member(), null, 0, 0, last.from(),
                    counted.number() + " more refused of " + due.getKey() + " since " + counted.since() + ", too many to record each; the last: "
                            + last.result())).exceptionally(failure -> {
                                putBack(due.getKey(), counted, failure);
                                return null;
                            }), (before, now) -> null);
        }
        return all;
    }

    private synchronized Map<String, Count> takeCounts() {
        Map<String, Count> due = new LinkedHashMap<>();
        if (forgotten != null) {
            due.put("others", new Count(forgotten.number(), forgotten.since(), unnamed(forgotten.last())));
            forgotten = null;
        }
        for (Map.Entry<String, Source> entry : new ArrayList<>(sources.entrySet())) {
            Count counted = entry.getValue().counted;
            if (counted != null && due.size() < MOST_SUMMARIES) {
                due.put(entry.getKey(), counted);
                entry.getValue().counted = null;
            }
        }
        return due;
    }

    /** A sum over several is nobody's. */
    private static AuditRecord unnamed(AuditRecord last) {
        return new AuditRecord(last.time(), last.event(), Actor.stranger(), null, null, 0, 0, null, last.result());
    }

    private synchronized void putBack(String who, Count counted, Throwable failure) {
        LOG.warn("the audit log does not take how many more were refused of {}: {}", who, failure.toString());
        Source source = sources.computeIfAbsent(who, first -> new Source(nanoTime.getAsLong()));
        source.counted = source.counted == null ? counted : counted.and(source.counted);
    }
}
