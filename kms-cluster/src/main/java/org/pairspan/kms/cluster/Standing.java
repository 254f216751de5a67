package org.pairspan.kms.cluster;

import java.time.Duration;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;

/**
 * Whether this server may answer from what it holds in memory. It may as long as two things were proven lately: that a majority of the
 * cluster counts it in, and that no other cluster works on the journal: by the journal's word or, while that is away, by the word of every
 * server that might have founded one. A server that was frozen or cut off has neither
 * proof when it wakes, whatever it remembers, and gets neither again once others have taken its place. Times are of the monotonic clock, so a
 * changed time of day proves nothing. Safe for use by several threads.
 */
public final class Standing implements Extension {

    /**
     * How long a majority's word holds. Shorter than any way to take a server out of the cluster takes after that word was given: the proof
     * that its process ended ({@link DeadServerProbe}) or the split brain resolver's patience.
     */
    static final Duration MAJORITY_HOLDS = Duration.ofSeconds(2);
    /** How long the journal's word holds. Shorter than a founder of another cluster waits, {@link Founding#PATIENCE}. */
    static final Duration JOURNAL_HOLDS = Duration.ofSeconds(6);

    private static final ExtensionId<Standing> ID = new ExtensionId<>() {
        @Override
        public Standing createExtension(ActorSystem<?> system) {
            return new Standing();
        }
    };

    private volatile boolean ended;
    private volatile boolean alone;
    private volatile Long majorityNs;
    private volatile Long journalNs;
    private volatile boolean onlySeed;
    private volatile Long seedsNs;

    Standing() {
    }

    /** The standing of the server whose system this is; it has none until the cluster has taken it in. */
    public static Standing of(ActorSystem<?> system) {
        return ID.apply(system);
    }

    /** Whether this server may answer now. */
    public boolean holds() {
        return holdsAt(System.nanoTime());
    }

    boolean holdsAt(long nowNs) {
        return !ended && majorityHoldsAt(nowNs) && (journalHoldsAt(nowNs) || nobodyFoundsAt(nowNs));
    }

    /** Why not, for an operator and for the member that is refused. */
    public String trouble() {
        return ended ? "this key server stops" : majorityHoldsAt(System.nanoTime()) ? "this key server does not reach its journal"
                : "this key server does not reach the majority of its cluster";
    }

    /** Whether this server is the whole cluster, which nobody joins or leaves without it. */
    void alone(boolean is) {
        alone = is;
    }

    /** Whether this server is the only one that may found a cluster. */
    void onlySeed(boolean is) {
        onlySeed = is;
    }

    /** Every server that may found a cluster counted this one in at that time or later. */
    void seedsAt(long ns) {
        seedsNs = ns;
    }

    /** Whoever counts this server in founds no other cluster: then the journal need not say that there is none. */
    private boolean nobodyFoundsAt(long nowNs) {
        return onlySeed || isYounger(seedsNs, MAJORITY_HOLDS, nowNs);
    }

    /** This server stops: it may not answer any more, whatever was proven. */
    void end() {
        ended = true;
    }

    /** A majority counted this server in at that time. */
    void majorityAt(long ns) {
        majorityNs = ns;
    }

    /** The journal belonged to this cluster at that time. */
    void journalAt(long ns) {
        journalNs = ns;
    }

    private boolean majorityHoldsAt(long nowNs) {
        return alone || isYounger(majorityNs, MAJORITY_HOLDS, nowNs);
    }

    boolean journalHoldsAt(long nowNs) {
        return isYounger(journalNs, JOURNAL_HOLDS, nowNs);
    }

    private static boolean isYounger(Long provenNs, Duration holds, long nowNs) {
        return provenNs != null && nowNs - provenNs < holds.toNanos();
    }
}
