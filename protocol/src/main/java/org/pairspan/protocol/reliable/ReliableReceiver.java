package org.pairspan.protocol.reliable;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.protocol.control.ControlSink;
import org.pairspan.protocol.rtt.RoundTripTime;
import org.pairspan.protocol.rtt.RttMeasurement;
import org.pairspan.protocol.transport.SegmentHeader;
import org.pairspan.protocol.wire.Counter;
import org.pairspan.protocol.wire.DropReason;

/**
 * The receiving end of the reliable stream of one peer (PS-6): holds what came out of order, delivers in order and once, acknowledges.
 *
 * <p>A stream is one <em>incarnation</em> of the sender's numbering. The receiver follows the newest it has seen (serial comparison of
 * eight bits), and begins one only where it can be whole: with a number of the first window. What was acknowledged as <em>next</em>
 * was delivered; what the bitmap tells is held until it is. Memory is bounded by the window, and taken when it is first needed. Owner
 * thread only, but for the counters.
 */
public final class ReliableReceiver {
    /** Pieces after which an acknowledgement is due. */
    public static final int PIECES_PER_ACKNOWLEDGEMENT = 16;
    /** Longest an acknowledgement waits for more pieces; a quarter of the round-trip time where that is shorter. */
    public static final long MAX_DELAY_NS = RttMeasurement.MAX_ACKNOWLEDGEMENT_DELAY_NS;

    private static final long MIN_DELAY_NS = 50_000L;

    private final long instance;
    private final int window;
    private final int pieceLength;
    private final RoundTripTime roundTripTime;
    private final UnsafeBuffer out = new UnsafeBuffer(new byte[Acknowledgement.MAX_LENGTH]);
    private final Counter delivered = new Counter();
    private final Counter duplicates = new Counter();
    private final Counter refused = new Counter();
    private final Counter acknowledgements = new Counter();
    private final Counter streams = new Counter();
    private HeldPieces held;
    private boolean known;
    private byte incarnation;
    private byte refusedIncarnation;
    private boolean noStreamDue;
    private int next;
    private int end;
    private int newest;
    private long newestNs;
    private boolean newestResent;
    private int unacknowledged;
    private boolean due;
    private boolean waiting;
    private long waitingNs;
    private int longestSpan = ReliableSender.MAX_WINDOW;

    /**
     * @param instance      which life of this end it is: a random number of its own for each.
     * @param window        pieces that can be held: a power of two, 128 to {@link ReliableSender#MAX_WINDOW}.
     * @param pieceLength   longest payload of a piece in bytes, at most 65,535; the sender is told.
     * @param roundTripTime to the peer.
     */
    public ReliableReceiver(long instance, int window, int pieceLength, RoundTripTime roundTripTime) {
        Acknowledgement.requireWindow(window);
        this.instance = instance;
        this.window = window;
        this.pieceLength = pieceLength;
        this.roundTripTime = roundTripTime;
    }

    /**
     * Takes one authentic piece of the reliable class and delivers all that is now in order.
     *
     * @return 0, or the negated id of the {@link DropReason}; the piece's sender learns the state of the stream either way.
     */
    public int onPiece(long header, DirectBuffer piece, int offset, int length, long nowNs, Delivery delivery) {
        if (length <= 0 || !SegmentHeader.isValid(header) || !SegmentHeader.has(header, SegmentHeader.RELIABLE)) {
            refused.increment();
            return -DropReason.PIECE_REFUSED.id();
        }
        if (length > pieceLength) {
            // Cut for the predecessor of this end: its sender must learn how long pieces may be, or it sends this one for ever.
            answer((byte) SegmentHeader.incarnation(header));
            refused.increment();
            return -DropReason.PIECE_REFUSED.id();
        }
        int number = SegmentHeader.number(header);
        if (!isOfStream((byte) SegmentHeader.incarnation(header), number)) {
            refused.increment();
            return -DropReason.PIECE_REFUSED.id();
        }
        int distance = number - next;
        if (distance < 0 || distance < window && held.contains(number)) {
            duplicates.increment();
            due = true;
            return -DropReason.PIECE_DUPLICATE.id();
        }
        if (distance >= window) {
            refused.increment();
            due = true;
            return -DropReason.PIECE_REFUSED.id();
        }
        newest = number;
        newestNs = nowNs;
        newestResent = SegmentHeader.has(header, SegmentHeader.RESENT);
        schedule(number, nowNs);
        if (distance == 0 && delivery.isReady()) {
            next++;
            delivered.increment();
            delivery.deliver(header, piece, offset, length);
            deliverHeld(delivery);
        } else {
            held.put(number, header, piece, offset, length);
        }
        if (number - end >= 0) {
            end = number + 1;
        }
        return 0;
    }

    // Whether the piece is of the stream as known, or begins a newer one.
    private boolean isOfStream(byte its, int number) {
        if (known && its == incarnation) {
            return true;
        }
        if (known && (byte) (its - incarnation) < 0) {
            due = true;
            return false;
        }
        if (Integer.compareUnsigned(number - ReliableSender.FIRST_NUMBER, window) >= 0) {
            refusedIncarnation = its;
            noStreamDue = true;
            return false;
        }
        if (held == null) {
            held = new HeldPieces(window, pieceLength);
        } else {
            held.clear(next, end);
        }
        known = true;
        incarnation = its;
        next = ReliableSender.FIRST_NUMBER;
        end = next;
        newest = next - 1;
        streams.increment();
        return true;
    }

    // At once where a gap opens or closes (RFC 5681 section 4.2); else after some pieces or some time.
    private void schedule(int number, long nowNs) {
        unacknowledged++;
        if (unacknowledged >= PIECES_PER_ACKNOWLEDGEMENT || number != end) {
            due = true;
        } else if (!waiting) {
            waiting = true;
            waitingNs = nowNs;
        }
    }

    private void deliverHeld(Delivery delivery) {
        while (next != end && held.contains(next) && delivery.isReady()) {
            held.deliver(next, delivery);
            next++;
            delivered.increment();
        }
    }

    /** Delivers what was held while the {@link Delivery} was not ready. To be called when it is again. */
    public void onReady(Delivery delivery) {
        if (known && next != end) {
            int before = next;
            deliverHeld(delivery);
            due |= next != before;
        }
    }

    /**
     * The longest message that the path takes now. Of pieces beyond the bitmap that fits it the sender hears later.
     *
     * @param length in bytes, at least 32.
     */
    public void messageCapacity(int length) {
        longestSpan = Acknowledgement.longestSpan(length);
    }

    /** Takes a control message of the type acknowledgement; only a request is for this end, the rest is the sender's. */
    public void onMessage(DirectBuffer message, int offset, int length, long nowNs) {
        if (Acknowledgement.isWellFormed(message, offset, length)
                && Acknowledgement.kind(message, offset) == Acknowledgement.REQUEST) {
            answer(Acknowledgement.incarnation(message, offset));
        }
    }

    private void answer(byte its) {
        if (known) {
            due = true;
        } else {
            refusedIncarnation = its;
            noStreamDue = true;
        }
    }

    /**
     * Sends the acknowledgement that is due.
     *
     * @return messages sent.
     */
    public int doWork(long nowNs, ControlSink sink) {
        int sent = 0;
        if (noStreamDue && sink.send(out, 0, Acknowledgement.encodeNoStream(out, refusedIncarnation, instance, window, pieceLength))) {
            noStreamDue = false;
            sent++;
        }
        if (dueInNs(nowNs) <= 0 && known && sink.send(out, 0, encodeState(nowNs))) {
            due = false;
            waiting = false;
            unacknowledged = 0;
            acknowledgements.increment();
            sent++;
        }
        return sent;
    }

    private int encodeState(long nowNs) {
        int length = Acknowledgement.encodeState(out, incarnation, instance, next, window, pieceLength, held.numbers(),
            Math.clamp(end - next, 0, longestSpan));
        Acknowledgement.encodeNewest(out, newestResent, newest, nowNs - newestNs);
        return length;
    }

    /** Nanoseconds until {@link #doWork} has something to send; 0 or less when it has, {@code Long.MAX_VALUE} when nothing waits. */
    public long dueInNs(long nowNs) {
        if (due || noStreamDue) {
            return 0;
        }
        if (!waiting) {
            return Long.MAX_VALUE;
        }
        long waited = nowNs - waitingNs;
        return waited < 0 ? 0 : delayNs() - waited;
    }

    private long delayNs() {
        long smoothed = roundTripTime.smoothedNs();
        return smoothed == 0 ? MAX_DELAY_NS : Math.clamp(smoothed >> 2, MIN_DELAY_NS, MAX_DELAY_NS);
    }

    /** Pieces delivered. Any thread. */
    public long delivered() {
        return delivered.get();
    }

    /** Pieces that came again. Any thread. */
    public long duplicates() {
        return duplicates.get();
    }

    /** Malformed pieces, and those outside the window or of an incarnation that is over or can't be begun. Any thread. */
    public long refused() {
        return refused.get();
    }

    /** Acknowledgements sent. Any thread. */
    public long acknowledgements() {
        return acknowledgements.get();
    }

    /** Incarnations begun. Any thread. */
    public long streams() {
        return streams.get();
    }

    /** Bytes of memory held for pieces out of order. */
    public long memory() {
        return held == null ? 0 : held.memory();
    }
}
