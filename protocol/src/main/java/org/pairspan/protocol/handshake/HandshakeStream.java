package org.pairspan.protocol.handshake;

import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The two byte streams of one handshake attempt over messages that may be lost, doubled or reordered. Sends what is not acknowledged
 * again after a time that doubles; puts what comes in order. Holds at most {@link HandshakeMessage#MAX_STREAM} bytes each way.
 */
final class HandshakeStream {
    static final long FIRST_TIMEOUT_NS = TimeUnit.MILLISECONDS.toNanos(100);
    static final long LONGEST_TIMEOUT_NS = TimeUnit.MILLISECONDS.toNanos(1600);

    private static final byte[] NOTHING = {};

    private byte[] sent = NOTHING;
    private int written;
    private int acknowledged;
    private int next;
    private long timeoutNs = FIRST_TIMEOUT_NS;
    private long resendAtNs;

    private byte[] received = NOTHING;
    private final BitSet present = new BitSet();
    private int delivered;
    private boolean acknowledgementDue;
    private boolean over;

    /** Adds to what is to be sent; false when the stream would be too long. */
    boolean write(byte[] bytes) {
        if (written + bytes.length > HandshakeMessage.MAX_STREAM) {
            return false;
        }
        sent = Arrays.copyOf(sent, written + bytes.length);
        System.arraycopy(bytes, 0, sent, written, bytes.length);
        written = sent.length;
        return true;
    }

    /**
     * Takes a well-formed message.
     *
     * @return false when it acknowledges what was never sent; then nothing has changed.
     */
    boolean onMessage(DirectBuffer message, int start, int length, long nowNs) {
        int acknowledges = HandshakeMessage.acknowledged(message, start);
        if (acknowledges > written) {
            return false;
        }
        if (acknowledges > acknowledged) {
            acknowledged = acknowledges;
            next = Math.max(next, acknowledged);
            timeoutNs = FIRST_TIMEOUT_NS;
            resendAtNs = nowNs + timeoutNs;
        }
        int data = length - HandshakeMessage.HEADER_LENGTH;
        if (data > 0) {
            acknowledgementDue = true;
            place(message, start + HandshakeMessage.HEADER_LENGTH, HandshakeMessage.offset(message, start), data);
        }
        return true;
    }

    private void place(DirectBuffer message, int from, int offset, int length) {
        int end = offset + length;
        if (over || end <= delivered) {
            return;
        }
        if (received.length < end) {
            received = Arrays.copyOf(received, end);
        }
        int first = Math.max(offset, delivered);
        message.getBytes(from + first - offset, received, first, end - first);
        present.set(first, end);
    }

    /** The bytes that follow those read before, in order; empty when they have not come. */
    byte[] read() {
        if (over) {
            return NOTHING;
        }
        int end = present.nextClearBit(delivered);
        byte[] bytes = Arrays.copyOfRange(received, delivered, end);
        delivered = end;
        return bytes;
    }

    /** Nothing more is written or read: gives the memory back. What comes again is still acknowledged. */
    void finish() {
        over = true;
        sent = NOTHING;
        next = written;
        acknowledged = written;
        received = NOTHING;
        present.clear();
    }

    /** Whether all that was written has been acknowledged. */
    boolean isAcknowledged() {
        return acknowledged == written;
    }

    /** Whether {@link #fill} has something to send now. */
    boolean isDue(long nowNs) {
        return acknowledgementDue || next < written || !isAcknowledged() && nowNs - resendAtNs >= 0;
    }

    /** Where the bytes of the next message begin in the stream. Call when something is due, before {@link #fill}. */
    int nextOffset(long nowNs) {
        if (next == written && !isAcknowledged() && nowNs - resendAtNs >= 0) {
            next = acknowledged;
            timeoutNs = Math.min(2 * timeoutNs, LONGEST_TIMEOUT_NS);
        }
        return next;
    }

    /** What the next message acknowledges. */
    int nextAcknowledged() {
        return delivered;
    }

    /** Puts the bytes of the next message behind its header and counts them as sent; returns how many. */
    int fill(MutableDirectBuffer message, long nowNs) {
        int length = Math.min(HandshakeMessage.MAX_DATA_SENT, written - next);
        acknowledgementDue = false;
        if (length > 0) {
            message.putBytes(HandshakeMessage.HEADER_LENGTH, sent, next, length);
            next += length;
            resendAtNs = nowNs + timeoutNs;
        }
        return length;
    }
}
