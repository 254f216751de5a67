package org.pairspan.protocol.heartbeat;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.protocol.control.ControlSink;
import org.pairspan.protocol.wire.Counter;

/**
 * The heartbeat with one peer (PS-8). Whatever authentic comes from the peer is life; where nothing comes for an interval, the peer is
 * asked, and once an interval from then on, until something comes. A request is life to the peer and its answer to us, so that an idle
 * tunnel costs one request and one reply an interval, or two of each where both ends ask at the same moment.
 *
 * <p>A link goes down only after requests that were really due: a process that was suspended asks before it judges.
 *
 * <p>One thread, except where said otherwise; times are nanoseconds of one monotonic clock.
 */
public final class Heartbeat {
    /** A request of the peer is answered at once, but not more often than this many times an interval. */
    private static final int REPLIES_AN_INTERVAL = 16;
    /** For how many intervals the peer's word that it hears nothing holds: it repeats it every interval. */
    private static final int DEAF_INTERVALS = 2;

    private final HeartbeatSettings settings;
    private final AuthenticTraffic traffic;
    private final LinkListener listener;
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[HeartbeatMessage.LENGTH]);
    private final Counter requestsSent = new Counter();
    private final Counter repliesSent = new Counter();
    private final Counter requestsReceived = new Counter();
    private final Counter repliesReceived = new Counter();
    private final Counter timesDown = new Counter();
    private volatile LinkStatus status;
    private LinkState state = LinkState.UNKNOWN;
    private long seenDatagrams;
    private long dueNs;
    private int counter;
    /** Requests since the last sign of life, and those of them that could be sent. */
    private int unanswered;
    private int unansweredSent;
    private boolean answered;
    private boolean replyWanted;
    private int replyCounter;
    private long nextReplyNs;
    private boolean peerDeaf;
    private long deafSinceNs;
    private long deafAgainNs;
    private boolean closing;
    private long closedNs;

    /**
     * A heartbeat that sends its first request at once.
     *
     * @param settings how soon a dead peer is noticed.
     * @param traffic  what has come from the peer; asked on the thread of {@link #doWork}.
     * @param listener told of changes.
     * @param nowNs    the time.
     */
    public Heartbeat(HeartbeatSettings settings, AuthenticTraffic traffic, LinkListener listener, long nowNs) {
        this.settings = settings;
        this.traffic = traffic;
        this.listener = listener;
        this.seenDatagrams = traffic.datagrams();
        this.dueNs = nowNs;
        this.nextReplyNs = nowNs;
        this.status = new LinkStatus(LinkState.UNKNOWN, LinkReason.CREATED, nowNs);
    }

    /**
     * Takes a heartbeat of the peer. What is due is sent by {@link #doWork}.
     *
     * @param buffer of the message, its type first.
     * @param offset where it begins.
     * @param length its length in bytes.
     * @param nowNs  the time.
     * @return whether it was well-formed; what is not changes nothing.
     */
    public boolean onMessage(DirectBuffer buffer, int offset, int length, long nowNs) {
        if (!HeartbeatMessage.isWellFormed(buffer, offset, length)) {
            return false;
        }
        int number = HeartbeatMessage.counter(buffer, offset);
        if (HeartbeatMessage.kind(buffer, offset) == HeartbeatMessage.REQUEST) {
            requestsReceived.increment();
            replyWanted = true;
            replyCounter = number;
            onHearing(HeartbeatMessage.hears(buffer, offset), nowNs);
        } else if (unanswered > 0 && number == counter) {
            repliesReceived.increment();
            answered = true;
            onHearing(true, nowNs);
        }
        return true;
    }

    /** The peer says that it stops: down at once. What it sent before, and comes later, does not make it live again. */
    public void onPeerClosing(long nowNs) {
        closing = true;
        closedNs = nowNs;
        become(LinkState.DOWN, LinkReason.PEER_CLOSING, nowNs);
    }

    /**
     * Looks for life, answers, asks and judges, as far as it is due.
     *
     * @param nowNs the time.
     * @param sink  for requests and replies.
     * @return how many messages were sent.
     */
    public int doWork(long nowNs, ControlSink sink) {
        long datagrams = traffic.datagrams();
        if (datagrams != seenDatagrams) {
            seenDatagrams = datagrams;
            onLife(nowNs);
        }
        int work = 0;
        if (peerDeaf) {
            onPeerDeaf(nowNs);
        }
        if (replyWanted && nowNs - nextReplyNs >= 0) {
            work += reply(nowNs, sink);
        }
        if (nowNs - dueNs >= 0) {
            work += onSilence(nowNs, sink);
        }
        return work;
    }

    /** The link's state, with reason and time. Any thread. */
    public LinkStatus status() {
        return status;
    }

    /** The longest time from the last datagram of a peer to its being down, in nanoseconds. Any thread. */
    public long downAfterNs() {
        return settings.downAfterNs();
    }

    /** Requests sent. Any thread. */
    public long requestsSent() {
        return requestsSent.get();
    }

    /** Replies sent. Any thread. */
    public long repliesSent() {
        return repliesSent.get();
    }

    /** The peer's requests. Any thread. */
    public long requestsReceived() {
        return requestsReceived.get();
    }

    /** The peer's replies to the newest request. Any thread. */
    public long repliesReceived() {
        return repliesReceived.get();
    }

    /** How often the link went down. Any thread. */
    public long timesDown() {
        return timesDown.get();
    }

    private void onLife(long nowNs) {
        boolean reply = answered;
        answered = false;
        unanswered = 0;
        unansweredSent = 0;
        dueNs = nowNs + settings.intervalNs();
        if (closing && nowNs - closedNs >= settings.intervalNs()) {
            closing = false;
        }
        if (state == LinkState.UP || closing || peerDeaf && status.reason() == LinkReason.PEER_HEARS_NOTHING) {
            return;
        }
        become(LinkState.UP, state == LinkState.UNKNOWN ? LinkReason.FIRST_CONTACT
            : reply ? LinkReason.HEARTBEAT_REPLY : LinkReason.TRAFFIC, nowNs);
    }

    private void onHearing(boolean peerHears, long nowNs) {
        if (peerHears) {
            peerDeaf = false;
            return;
        }
        if (!peerDeaf) {
            deafSinceNs = nowNs;
        }
        peerDeaf = true;
        deafAgainNs = nowNs;
    }

    private void onPeerDeaf(long nowNs) {
        if (nowNs - deafAgainNs >= DEAF_INTERVALS * settings.intervalNs()) {
            peerDeaf = false;
        } else if (state != LinkState.DOWN && nowNs - deafSinceNs >= settings.misses() * settings.intervalNs()) {
            become(LinkState.DOWN, LinkReason.PEER_HEARS_NOTHING, nowNs);
        }
    }

    private int reply(long nowNs, ControlSink sink) {
        replyWanted = false;
        nextReplyNs = nowNs + settings.intervalNs() / REPLIES_AN_INTERVAL;
        return send(HeartbeatMessage.REPLY, replyCounter, repliesSent, sink);
    }

    private int onSilence(long nowNs, ControlSink sink) {
        if (unanswered >= settings.misses()) {
            if (state != LinkState.DOWN || status.reason() == LinkReason.PEER_HEARS_NOTHING) {
                become(LinkState.DOWN, unansweredSent == 0 ? LinkReason.NOT_SENT : LinkReason.SILENCE, nowNs);
            }
        } else if (unanswered > 0 && state == LinkState.UP) {
            become(LinkState.SUSPECT, LinkReason.SILENCE, nowNs);
        }
        dueNs = nowNs + settings.intervalNs();
        counter++;
        int sent = send(HeartbeatMessage.REQUEST, counter, requestsSent, sink);
        unanswered = Math.min(unanswered, settings.misses()) + 1;
        unansweredSent = Math.min(unansweredSent, settings.misses()) + sent;
        return sent;
    }

    private int send(int kind, int number, Counter sent, ControlSink sink) {
        boolean hears = state == LinkState.UP || state == LinkState.SUSPECT
            || state == LinkState.DOWN && status.reason() == LinkReason.PEER_HEARS_NOTHING;
        HeartbeatMessage.write(message, kind, hears, number);
        if (!sink.send(message, 0, HeartbeatMessage.LENGTH)) {
            return 0;
        }
        sent.increment();
        return 1;
    }

    private void become(LinkState next, LinkReason reason, long nowNs) {
        LinkState before = state;
        state = next;
        status = new LinkStatus(next, reason, nowNs);
        if (next == LinkState.DOWN && before != LinkState.DOWN) {
            timesDown.increment();
        }
        if (next != before) {
            listener.onLinkChange(before, status);
        }
    }
}
