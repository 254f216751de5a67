package org.pairspan.protocol.keyupdate;

import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.association.Spi;
import org.pairspan.protocol.control.ControlSink;
import org.pairspan.protocol.wire.DropReason;

/**
 * When the keys shared with one peer are replaced (PS-4): bootstrap keys at once, keys of an exchange at limits smaller than their hard
 * ones, and both by the key service where a generation has no epochs left. The member that is TLS client starts exchanges, the other asks
 * it to. One thread; times are nanoseconds of one monotonic clock.
 */
public final class KeyUpdate {
    /** How often a peer's keys are looked at. */
    static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(10);
    /** From the start of one exchange to that of the next, at least: so the other end can't make us compute all day. */
    static final long LEAST_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(500);
    /** How long a pause can grow while attempts fail. */
    static final long LONGEST_PAUSE_NS = TimeUnit.SECONDS.toNanos(30);
    /** From the start of an exchange until its keys must be in use: an attempt's own patience, and some time for the first packet. */
    static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(15);
    /**
     * How long a newer generation may wait for the peer until keys are exchanged in the one in use all the same. The peer may have no key
     * server to get the newer one from.
     */
    public static final long SUCCESSOR_PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);

    /** What is going on. */
    public enum State {
        /** The keys in use are good. */
        SETTLED,
        /** The keys are worn and nothing could be done about it yet: an attempt has failed, or the pause after the last is not over. */
        WAITING,
        /** The client has an exchange under way, or its keys have not been used by the server yet. */
        EXCHANGING,
        /** The server has asked the client for an exchange. */
        REQUESTING,
        /** The generation has no epochs left; the key service is asked for the next. */
        RENEWING
    }

    /** What protects packets to the peer. */
    public interface Association {
        /** Of the keys in use; 0 while there are none. */
        long generation();

        /** Of the keys in use. */
        int epoch();

        /** The newest generation that is there, in use or not. */
        long newestGeneration();

        /** The newest epoch that is there, in use or not, of the newest generation. */
        int newestEpoch();

        /** Whether the keys in use have reached one of these limits. */
        boolean reached(SaLifetime limits, long nowNs);
    }

    /** Who does the work. Both return at once. */
    public interface Successors {
        /**
         * Begins an exchange for this epoch; what becomes of it shows in the {@link Association}, or by {@link #onFailed}.
         *
         * @return false when that is not possible now.
         */
        boolean exchange(long generation, int epoch);

        /** Asks the key service for a generation above this one. */
        void renew(long aboveGeneration);
    }

    private final boolean isClient;
    private final SaLifetime limits;
    private final Association association;
    private final Successors successors;
    private final MutableDirectBuffer message = new UnsafeBuffer(new byte[KeyUpdateRequest.LENGTH]);
    private State state = State.SETTLED;
    private long generation;
    private int epoch;
    private boolean wornForPeer;
    private long lastLookNs;
    private boolean looked;
    private long pauseNs = LEAST_PAUSE_NS;
    private long sinceNs;
    private long nextAttemptNs;
    /** A newer generation that the peer has not used yet, and since when it is there; otherwise the generation in use. */
    private long successor;
    private long successorSinceNs;

    /**
     * @param isClient whether this end is TLS client: the member with the lower number is.
     * @param limits at which keys are replaced, below the hard ones.
     */
    public KeyUpdate(boolean isClient, SaLifetime limits, Association association, Successors successors) {
        this.isClient = isClient;
        this.limits = limits;
        this.association = association;
        this.successors = successors;
    }

    /**
     * Takes a request of the peer.
     *
     * @return why it was dropped; null when it was not.
     */
    public DropReason onMessage(DirectBuffer data, int offset, int length, long nowNs) {
        if (!KeyUpdateRequest.isWellFormed(data, offset, length) || !isClient) {
            return DropReason.CONTROL_MALFORMED;
        }
        boolean inUse = KeyUpdateRequest.generation(data, offset) == association.generation()
            && KeyUpdateRequest.epoch(data, offset) == association.epoch();
        wornForPeer |= inUse && newestEpochInUse() == association.epoch();
        return null;
    }

    /** The exchange that was begun for this generation and epoch gives no keys. */
    public void onFailed(long failedGeneration, int failedEpoch, long nowNs) {
        if (state == State.EXCHANGING && failedGeneration == generation && failedEpoch > epoch) {
            pause(nowNs);
        }
    }

    /**
     * Does what is due.
     *
     * @return how many messages were sent.
     */
    public int doWork(long nowNs, ControlSink sink) {
        if (looked && nowNs - lastLookNs >= 0 && nowNs - lastLookNs < INTERVAL_NS) {
            return 0;
        }
        if (!looked || nowNs - lastLookNs < 0) {
            // The first look, or the clock has gone back: no time that was noted before means anything.
            sinceNs = nowNs;
            nextAttemptNs = nowNs;
            successorSinceNs = nowNs;
            looked = true;
        }
        lastLookNs = nowNs;
        return association.generation() == 0 ? 0 : look(nowNs, sink);
    }

    private int look(long nowNs, ControlSink sink) {
        if (association.generation() != generation || association.epoch() != epoch) {
            onNewKeys(nowNs);
        }
        if (hasSuccessorComing(nowNs)) {
            return 0;
        }
        if (state == State.EXCHANGING && nowNs - sinceNs >= PATIENCE_NS) {
            pause(nowNs);
        }
        boolean worn = epoch == Spi.BOOTSTRAP_EPOCH || wornForPeer || association.reached(limits, nowNs);
        if (!worn || state == State.EXCHANGING || nowNs - nextAttemptNs < 0) {
            return 0;
        }
        return replace(nowNs, sink);
    }

    private boolean hasSuccessorComing(long nowNs) {
        long newest = association.newestGeneration();
        if (newest != successor) {
            successor = newest;
            successorSinceNs = nowNs;
        }
        return newest != generation && nowNs - successorSinceNs < SUCCESSOR_PATIENCE_NS;
    }

    /** The newest epoch of the generation in use, as far as it is known. */
    private int newestEpochInUse() {
        return association.newestGeneration() == association.generation() ? association.newestEpoch() : association.epoch();
    }

    private int replace(long nowNs, ControlSink sink) {
        if (newestEpochInUse() >= Spi.MAX_EPOCH) {
            successors.renew(generation);
            pause(nowNs);
            state = State.RENEWING;
            return 0;
        }
        if (!isClient) {
            KeyUpdateRequest.write(message, epoch, generation);
            sink.send(message, 0, KeyUpdateRequest.LENGTH);
            pause(nowNs);
            state = State.REQUESTING;
            return 1;
        }
        state = State.WAITING;
        if (successors.exchange(generation, newestEpochInUse() + 1)) {
            state = State.EXCHANGING;
            sinceNs = nowNs;
        }
        return 0;
    }

    private void onNewKeys(long nowNs) {
        // The bootstrap keys of a generation are replaced at once; the server leaves its client the time to do so unasked.
        boolean atOnce = isClient && association.generation() != generation;
        generation = association.generation();
        epoch = association.epoch();
        // The peer may have taken keys for which newer ones are a candidate here already. It gets those, or there is another exchange.
        wornForPeer = newestEpochInUse() != epoch;
        state = wornForPeer && state == State.EXCHANGING ? State.EXCHANGING : State.SETTLED;
        pauseNs = LEAST_PAUSE_NS;
        nextAttemptNs = atOnce ? nowNs : nowNs + LEAST_PAUSE_NS;
    }

    private void pause(long nowNs) {
        state = State.WAITING;
        nextAttemptNs = nowNs + pauseNs;
        pauseNs = Math.min(2 * pauseNs, LONGEST_PAUSE_NS);
    }

    /** Where the update stands, as of the last duty or message; on the thread that does the duty. */
    public State state() {
        return state;
    }
}
