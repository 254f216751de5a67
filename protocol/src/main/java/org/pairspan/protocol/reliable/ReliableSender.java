package org.pairspan.protocol.reliable;

import org.agrona.DirectBuffer;
import org.pairspan.protocol.control.ControlSink;
import org.pairspan.protocol.flow.CongestionControl;
import org.pairspan.protocol.rtt.RoundTripTime;
import org.pairspan.protocol.transport.SegmentHeader;
import org.pairspan.protocol.wire.DropCounters;

/**
 * The sending end of the reliable stream to one peer (PS-6): keeps each piece until the receiver says that it was delivered, and sends
 * again what was lost. Owner thread only, but for the counters.
 *
 * <p>States: <em>closed</em>, nothing was to be sent yet; <em>opening</em>, the receiver is asked which incarnation it knows;
 * <em>open</em>, pieces flow under the one after. A receiver that has lost the stream gets the next: what is unconfirmed is numbered anew.
 *
 * <p>An acknowledgement of what was never sent is refused as a whole. One of what was sent but did not arrive costs only its author: the
 * piece is gone for him, and he gets the next ones no faster than the congestion window, which counts real sendings, lets them go.
 */
public final class ReliableSender {
    /** Largest window, in pieces. */
    public static final int MAX_WINDOW = Acknowledgement.MAX_WORDS * Long.SIZE;
    /** Number of the first piece of each incarnation: so close to the wrap that every use and every test goes through it. */
    public static final int FIRST_NUMBER = 0xFFFF_FF00;

    private final int capacity;
    private final int pieceLength;
    private final CongestionControl congestion;
    private final Retransmission retransmission;
    private final StateRequests requests;
    private final PeerReceiver peer = new PeerReceiver();
    private final SenderCounters counters = new SenderCounters();
    private final Arrivals arrivals;
    private final AcknowledgementChecks checks;
    private SentPieces pieces;
    private boolean opening;
    private boolean open;
    private byte incarnation;
    private boolean limited;
    private boolean closedByPeer;
    private boolean paced;
    private boolean observed;
    private long lastNs;

    /**
     * @param window        pieces that may be unconfirmed: a power of two, 128 to {@link #MAX_WINDOW}. It bounds the memory.
     * @param pieceLength   longest payload of a piece in bytes.
     * @param roundTripTime to the peer; gets samples from acknowledgements.
     * @param congestion    of the path to the peer.
     * @param drops         counts refused acknowledgements.
     */
    public ReliableSender(int window, int pieceLength, RoundTripTime roundTripTime, CongestionControl congestion, DropCounters drops) {
        Acknowledgement.requireWindow(window);
        this.capacity = window;
        this.pieceLength = pieceLength;
        this.congestion = congestion;
        LossDetection lossDetection = new LossDetection(roundTripTime, congestion);
        arrivals = new Arrivals(roundTripTime, congestion, lossDetection);
        retransmission = new Retransmission(roundTripTime, congestion, counters, lossDetection);
        requests = new StateRequests(roundTripTime);
        checks = new AcknowledgementChecks(roundTripTime, counters, drops);
    }

    /**
     * Whether a piece would be taken now: the stream is open, and the windows of receiver, path and memory have room. Asking opens the
     * stream, which takes a round trip once.
     */
    public boolean canSend(long nowNs) {
        observe(nowNs);
        if (!open) {
            if (!opening) {
                opening = true;
                requests.begin(nowNs);
            }
            return false;
        }
        if (pieces.size() >= peer.window()) {
            if (!closedByPeer) {
                closedByPeer = true;
                counters.windowLimited.increment();
            }
            return false;
        }
        if (pieces.lost() > 0 || pieces.onTheWay() >= congestion.window()) {
            limited = true;
            return false;
        }
        paced = retransmission.isPaced(nowNs);
        return !paced;
    }

    /**
     * Takes a piece that is sent now for the first time.
     *
     * @param flags of {@link SegmentHeader}; {@link SegmentHeader#RELIABLE} is added.
     * @param word  of the header, 16 bits.
     * @return the header to send it with.
     * @throws IllegalStateException    when the stream is not open or has no room; {@link #canSend} tells.
     * @throws IllegalArgumentException when the piece is empty or longer than {@link #pieceLength}.
     */
    public long accept(int flags, int word, DirectBuffer piece, int offset, int length, long nowNs) {
        if (!open || pieces.size() >= capacity) {
            throw new IllegalStateException("the reliable stream has no room");
        }
        if (length <= 0 || length > pieceLength()) {
            throw new IllegalArgumentException("a piece of " + length + " bytes");
        }
        observe(nowNs);
        int all = flags & 0xFF | SegmentHeader.RELIABLE;
        int number = pieces.add(all, word & 0xFFFF, piece, offset, length, nowNs);
        retransmission.onSent(nowNs);
        counters.sent.increment();
        return SegmentHeader.encode(all, incarnation, word, number);
    }

    /**
     * Sends again what is due: what is lost, as far as the congestion window allows, and after a timeout a probe of two pieces. To be
     * called each turn after the messages of the turn were taken.
     *
     * @return pieces sent.
     */
    public int resend(long nowNs, Resender resender) {
        if (!open || pieces.size() == 0) {
            return 0;
        }
        observe(nowNs);
        int count = retransmission.resend(pieces, incarnation, nowNs, resender);
        limited |= pieces.lost() > 0;
        return count;
    }

    /**
     * Asks the receiver for its state when that is due: to open the stream, and when everything arrived but nothing is confirmed as
     * delivered.
     *
     * @return messages sent.
     */
    public int doWork(long nowNs, ControlSink sink) {
        if (!isAsking()) {
            return 0;
        }
        observe(nowNs);
        return requests.doWork(nowNs, incarnation, sink);
    }

    private boolean isAsking() {
        return open ? pieces.size() > 0 && pieces.onTheWay() == 0 && pieces.lost() == 0 : opening;
    }

    /** Nanoseconds until {@link #resend} or {@link #doWork} has something to do; {@code Long.MAX_VALUE} when nothing waits. */
    public long dueInNs(long nowNs) {
        long due = isAsking() ? requests.dueInNs(nowNs) : Long.MAX_VALUE;
        if (open && pieces.size() > 0) {
            due = Math.min(due, retransmission.dueInNs(pieces, nowNs));
        }
        // Once its time has come, the next piece is up to whoever has one: canSend was to be asked in this turn.
        long pacedForNs = paced ? retransmission.pacedForNs(nowNs) : 0;
        return pacedForNs > 0 ? Math.min(due, pacedForNs) : due;
    }

    /** Takes a control message of the type acknowledgement; requests are the receiver's and pass. */
    public void onMessage(DirectBuffer message, int offset, int length, long nowNs) {
        if (!checks.isWellFormed(message, offset, length) || Acknowledgement.kind(message, offset) == Acknowledgement.REQUEST) {
            return;
        }
        observe(nowNs);
        boolean noStream = Acknowledgement.kind(message, offset) == Acknowledgement.NO_STREAM;
        byte its = Acknowledgement.incarnation(message, offset);
        if (!open) {
            if (opening) {
                open(message, offset, (byte) (its + 1));
            }
            return;
        }
        int difference = (byte) (its - incarnation);
        if (difference > 0 && !noStream || difference == 0 && noStream) {
            restart(its, message, offset, nowNs);
        } else if (difference == 0) {
            onState(message, offset, nowNs);
        }
    }

    private void open(DirectBuffer message, int offset, byte firstIncarnation) {
        pieces = new SentPieces(capacity, pieceLength);
        open = true;
        opening = false;
        incarnation = firstIncarnation;
        peer.learn(message, offset, capacity);
    }

    private void restart(byte its, DirectBuffer message, int offset, long nowNs) {
        if (!checks.mayStartAnew(nowNs)) {
            return;
        }
        incarnation = (byte) (its + 1);
        counters.abandoned.add(takesShorter(message, offset) ? pieces.abandon() : pieces.renumber());
        retransmission.restart();
        counters.restarts.increment();
    }

    // Learns what the receiver says of itself. Where it takes only shorter pieces than before, it refuses those that are cut already.
    private boolean takesShorter(DirectBuffer message, int offset) {
        int before = pieceLength();
        peer.learn(message, offset, capacity);
        return pieceLength() < before;
    }

    /**
     * The path has become narrower, or the receiver takes less: pieces cut before would be lost again and again, and hold all behind them.
     * Drops what is not confirmed, and goes on with the next incarnation. The protocols inside the packets repair the loss.
     */
    public void abandon(long nowNs) {
        if (!open || pieces.size() == 0) {
            return;
        }
        observe(nowNs);
        incarnation++;
        counters.abandoned.add(pieces.abandon());
        retransmission.restart();
    }

    private void onState(DirectBuffer message, int offset, long nowNs) {
        int advance = Acknowledgement.next(message, offset) - pieces.first();
        if (advance < 0) {
            if (!peer.isInstanceOf(message, offset)) {
                // The receiver started anew and lacks what its predecessor had confirmed.
                restart(incarnation, message, offset, nowNs);
            }
            return;
        }
        if (!checks.isOfWhatWasSent(message, offset, pieces)) {
            return;
        }
        if (!peer.isInstanceOf(message, offset)) {
            if (!checks.mayStartAnew(nowNs)) {
                return;
            }
            // It follows this stream from its beginning; what its predecessor held out of order it has never seen.
            pieces.forgetArrivals();
        }
        if (takesShorter(message, offset)) {
            abandon(nowNs);
            return;
        }
        closedByPeer &= advance == 0;
        apply(message, offset, nowNs);
    }

    private void apply(DirectBuffer message, int offset, long nowNs) {
        int before = pieces.onTheWay();
        int arrived = arrivals.apply(message, offset, pieces, nowNs);
        requests.onState(nowNs);
        if (arrived > 0) {
            retransmission.onArrival(nowNs);
            counters.acknowledged.add(arrived);
            congestion.onAcknowledged(arrived, arrivals.newestSentNs(), limited || before * 2L > congestion.window(), nowNs);
            limited = false;
        }
    }

    /** Longest piece that both ends take, in bytes; known once {@link #canSend} says yes. */
    public int pieceLength() {
        return Math.min(pieceLength, peer.pieceLength());
    }

    /** What was counted; any thread may read it. */
    public SenderCounters counters() {
        return counters;
    }

    /** Pieces on the way. Owner thread. */
    public int onTheWay() {
        return open ? pieces.onTheWay() : 0;
    }

    /** Pieces not yet confirmed as delivered. Owner thread. */
    public int unconfirmed() {
        return open ? pieces.size() : 0;
    }

    /** Bytes of memory held for pieces. Owner thread. */
    public long memory() {
        return open ? pieces.memory() : 0;
    }

    // A clock that went back would keep every timer waiting for as long as it went.
    private void observe(long nowNs) {
        long step = nowNs - lastNs;
        if (step < 0 && observed) {
            retransmission.shift(step);
            requests.shift(step);
            checks.shift(step);
            if (open) {
                pieces.shift(step);
            }
        }
        observed = true;
        lastNs = nowNs;
    }
}
