package org.pairspan.protocol.pathmtu;

import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.protocol.control.ControlSink;
import org.pairspan.protocol.wire.Counter;

/**
 * Path MTU discovery towards one peer after RFC 8899, both ends of it. The base size is confirmed first; then the largest size is tried,
 * which most paths carry, and only where it does not pass the sizes between are searched. The size in use is confirmed every
 * half minute, and when a {@linkplain #confirm suspicion} arises; when it passes no more although smaller packets do, that is a
 * black hole, and the base size is used again at once. A probe without an echo says nothing of its size until a
 * {@linkplain #onAnswer smaller packet} that left no earlier was answered: a busy peer or line is late with both, or loses both.
 *
 * <p>Sizes are lengths of IP packets, headers included, in bytes. One thread, except where said otherwise; times are nanoseconds of one
 * monotonic clock.
 */
public final class PathMtuDiscovery {
    /** Probes of one size that may be lost before the size counts as too large ({@code MAX_PROBES}). */
    static final int MAX_PROBES = 3;
    /** {@code PROBE_TIMER}: "MUST NOT be smaller than 1 second" (section 5.1.1). */
    static final long PROBE_TIMER_NS = TimeUnit.SECONDS.toNanos(1);
    /** {@code CONFIRMATION_TIMER}. */
    static final long CONFIRMATION_TIMER_NS = TimeUnit.SECONDS.toNanos(30);
    /** {@code PMTU_RAISE_TIMER}, 600 s in section 5.1.1. */
    static final long RAISE_TIMER_NS = TimeUnit.SECONDS.toNanos(600);
    /** How often the base size is tried in {@link PathMtuState#ERROR}. */
    static final long ERROR_TIMER_NS = TimeUnit.SECONDS.toNanos(5);

    /** A probe that the system did not take was not lost on the way: no need to wait for its echo. */
    private static final long REFUSED_TIMER_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final PathMtuSettings settings;
    private final PathMtuListener listener;
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[PathProbeMessage.LENGTH]);
    private final IssuedProbes issued = new IssuedProbes();
    private final ProbeEcho echo;
    private final SizeSearch search;
    private final Counter size = new Counter();
    private final Counter probesSent = new Counter();
    private final Counter probesEchoed = new Counter();
    private final Counter blackHoles = new Counter();
    private volatile PathMtuState state;
    private boolean reachable;
    /** The size that is being tried; in {@link PathMtuState#SEARCH_COMPLETE} only while the size in use is confirmed, else 0. */
    private int candidate;
    private int attempts;
    private long dueNs;
    /** Whether the last probe was given to the network and nothing that left after it has been answered yet. */
    private boolean unproven;
    private long probedNs;
    private long raiseNs;

    /**
     * A discovery that begins when the peer is reached.
     *
     * @param settings the range of sizes.
     * @param listener told of each new size; not of the first, which is {@link #size()}.
     * @param nowNs    the time.
     */
    public PathMtuDiscovery(PathMtuSettings settings, PathMtuListener listener, long nowNs) {
        this.settings = settings;
        this.listener = listener;
        this.echo = new ProbeEcho(nowNs);
        this.search = new SizeSearch(settings.largest());
        this.state = settings.smallest() == settings.largest() ? PathMtuState.DISABLED : PathMtuState.BASE;
        size.set(settings.base());
    }

    /**
     * Whether the peer is reached at all: only then does a lost probe say anything about sizes. A path that comes back may be another one,
     * so it is confirmed at once.
     */
    public void onReachable(boolean isReachable, long nowNs) {
        if (isReachable && !reachable) {
            attempts = 0;
            dueNs = nowNs;
            unproven = false;
            if (state == PathMtuState.SEARCH_COMPLETE) {
                candidate = size();
            }
        }
        reachable = isReachable;
    }

    /**
     * Something hints that packets of the size in use may not pass: many are lost, or the peer is at another address. Confirms the size
     * now, where no probe is under way. The size stays in use meanwhile, because most paths are alike.
     */
    public void confirm(long nowNs) {
        if (state == PathMtuState.SEARCH_COMPLETE && candidate == 0) {
            candidate = size();
            dueNs = nowNs;
        }
    }

    /**
     * A small packet to the peer was answered, as nearly all before it were.
     *
     * @param leftNs when it was sent.
     */
    public void onAnswer(long leftNs) {
        unproven &= leftNs - probedNs < 0;
    }

    /**
     * Takes a probe or an echo of the peer. What is due is sent by {@link #doWork}.
     *
     * @param buffer of the message, its type first.
     * @param offset where it begins.
     * @param length its length in bytes, padding included.
     * @param nowNs  the time.
     * @return whether it was well-formed; what is not changes nothing.
     */
    public boolean onMessage(DirectBuffer buffer, int offset, int length, long nowNs) {
        if (!PathProbeMessage.isWellFormed(buffer, offset, length)) {
            return false;
        }
        int probed = PathProbeMessage.size(buffer, offset);
        int number = PathProbeMessage.number(buffer, offset);
        if (PathProbeMessage.kind(buffer, offset) == PathProbeMessage.PROBE) {
            echo.onProbe(probed, number);
        } else if (issued.redeem(number, probed)) {
            probesEchoed.increment();
            onEcho(probed, nowNs);
        }
        return true;
    }

    /**
     * Answers and probes, as far as it is due.
     *
     * @param nowNs   the time.
     * @param control for echoes.
     * @param probes  for probes.
     * @return how many messages were sent.
     */
    public int doWork(long nowNs, ControlSink control, ProbeSink probes) {
        int work = echo.doWork(nowNs, control);
        if (reachable && nowNs - dueNs >= 0 && !(unproven && candidate != 0) && state != PathMtuState.DISABLED) {
            work += onTimer(nowNs, probes);
        }
        return work;
    }

    /** The largest packet to use now. Any thread. */
    public int size() {
        return (int) size.get();
    }

    /** Where the discovery stands. Any thread. */
    public PathMtuState state() {
        return state;
    }

    /** Probes given to the network. Any thread. */
    public long probesSent() {
        return probesSent.get();
    }

    /** Probes whose echo came. Any thread. */
    public long probesEchoed() {
        return probesEchoed.get();
    }

    /** How often a size that had passed passed no more. Any thread. */
    public long blackHoles() {
        return blackHoles.get();
    }

    private int onTimer(long nowNs, ProbeSink probes) {
        if (candidate == 0) {
            nextCandidate(nowNs);
        } else if (attempts >= MAX_PROBES) {
            onTooLarge(nowNs);
        }
        return candidate == 0 || nowNs - dueNs < 0 ? 0 : probe(nowNs, probes);
    }

    private void nextCandidate(long nowNs) {
        attempts = 0;
        switch (state) {
            case BASE, ERROR -> candidate = settings.base();
            case SEARCHING -> candidate = search.next(size());
            case SEARCH_COMPLETE -> {
                if (size() < settings.largest() && nowNs - raiseNs >= 0) {
                    enterSearching(nowNs);
                    candidate = search.next(size());
                } else {
                    candidate = size();
                }
            }
        }
    }

    private int probe(long nowNs, ProbeSink probes) {
        attempts++;
        PathProbeMessage.write(message, PathProbeMessage.PROBE, candidate, issued.issue(candidate));
        if (!probes.send(message, 0, PathProbeMessage.LENGTH, candidate)) {
            dueNs = nowNs + REFUSED_TIMER_NS;
            return 0;
        }
        unproven = true;
        probedNs = nowNs;
        dueNs = nowNs + PROBE_TIMER_NS;
        probesSent.increment();
        return 1;
    }

    private void onTooLarge(long nowNs) {
        switch (state) {
            case BASE -> {
                state = PathMtuState.ERROR;
                use(settings.smallest());
                pauseInError(nowNs);
            }
            case ERROR -> pauseInError(nowNs);
            case SEARCHING -> {
                search.onTooLarge(candidate);
                continueSearch(nowNs);
            }
            case SEARCH_COMPLETE -> {
                blackHoles.increment();
                enterBase(nowNs);
            }
        }
    }

    private void onEcho(int echoed, long nowNs) {
        switch (state) {
            case BASE, ERROR -> {
                if (echoed >= settings.base()) {
                    use(echoed);
                    enterSearching(nowNs);
                    continueSearch(nowNs);
                }
            }
            case SEARCHING -> {
                if (echoed > size()) {
                    use(echoed);
                    search.onPassed(echoed);
                    continueSearch(nowNs);
                }
            }
            case SEARCH_COMPLETE -> {
                if (echoed >= size()) {
                    use(echoed);
                    candidate = 0;
                    dueNs = nowNs + CONFIRMATION_TIMER_NS;
                }
            }
        }
    }

    private void continueSearch(long nowNs) {
        candidate = 0;
        dueNs = nowNs;
        if (search.isOver(size())) {
            state = PathMtuState.SEARCH_COMPLETE;
            dueNs = nowNs + CONFIRMATION_TIMER_NS;
            raiseNs = nowNs + RAISE_TIMER_NS;
        }
    }

    private void enterBase(long nowNs) {
        state = PathMtuState.BASE;
        issued.clear();
        use(settings.base());
        candidate = 0;
        dueNs = nowNs;
    }

    private void enterSearching(long nowNs) {
        state = PathMtuState.SEARCHING;
        search.begin();
        dueNs = nowNs;
    }

    private void pauseInError(long nowNs) {
        candidate = 0;
        dueNs = nowNs + ERROR_TIMER_NS;
    }

    private void use(int packetLength) {
        if (packetLength != size()) {
            size.set(packetLength);
            listener.onPathMtu(packetLength);
        }
    }
}
