package org.pairspan.multijvm.swarm;

import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.logbuffer.LogBufferDescriptor;
import io.aeron.protocol.DataHeaderFlyweight;
import io.aeron.protocol.HeaderFlyweight;
import io.aeron.protocol.SetupFlyweight;
import io.aeron.protocol.StatusMessageFlyweight;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.protocol.control.ControlType;
import org.pairspan.protocol.transport.BearerSegment;
import org.pairspan.protocol.transport.SegmentHeader;

import java.io.IOException;

/** The stream from a member to the node: announced until the node answers, then one packet a datagram, within the window it gives. */
final class OutgoingStream {

    private static final int TERM_LENGTH = LogBufferDescriptor.TERM_MIN_LENGTH;
    private static final int MTU = 1408;
    private static final int INITIAL_TERM = 7;
    private static final long SETUP_INTERVAL_NS = 100_000_000;
    private static final long KEEP_ALIVE_NS = 100_000_000;

    private final SecureLink link;
    private final int sessionId;
    private final int streamId;
    private final MutableDirectBuffer out = SecureLink.newBuffer();
    private final SetupFlyweight setup = new SetupFlyweight();
    private final DataHeaderFlyweight header = new DataHeaderFlyweight();
    private final StatusMessageFlyweight status = new StatusMessageFlyweight();
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[SetupFlyweight.HEADER_LENGTH + 1]);
    private long position;
    private long limit;
    private boolean answered;
    private boolean setupWanted = true;
    private long lastSetupNs;
    private long lastSentNs;
    private int message;

    /** @param streamId the member's own number */
    OutgoingStream(SecureLink link, int sessionId, int streamId) {
        this.link = link;
        this.sessionId = sessionId;
        this.streamId = streamId;
        this.lastSetupNs = System.nanoTime() - SETUP_INTERVAL_NS;
    }

    /** Announces the stream, or says that it is still there. */
    void doWork(long nowNs) throws IOException {
        if (setupWanted && nowNs - lastSetupNs >= SETUP_INTERVAL_NS) {
            setup.wrap(frame, 1, SetupFlyweight.HEADER_LENGTH);
            setup.termOffset(termOffset()).sessionId(sessionId).streamId(streamId).initialTermId(INITIAL_TERM).activeTermId(termId())
                .termLength(TERM_LENGTH).mtuLength(MTU).ttl(0);
            setup.frameLength(SetupFlyweight.HEADER_LENGTH).headerType(HeaderFlyweight.HDR_TYPE_SETUP).flags((short) 0)
                .version(HeaderFlyweight.CURRENT_VERSION);
            sendFrame(SetupFlyweight.HEADER_LENGTH, nowNs);
            lastSetupNs = nowNs;
            setupWanted = !answered;
        } else if (answered && nowNs - lastSentNs >= KEEP_ALIVE_NS) {
            putHeader(0, HeaderFlyweight.HDR_TYPE_DATA);
            sendFrame(DataHeaderFlyweight.HEADER_LENGTH, nowNs);
        }
    }

    /** Sends one IP packet; false when the node has given no room for it yet. */
    boolean send(DirectBuffer packet, int length, long nowNs) throws IOException {
        final int aligned = BitUtil.align(DataHeaderFlyweight.HEADER_LENGTH + length, FrameDescriptor.FRAME_ALIGNMENT);
        if (answered && termOffset() + aligned > TERM_LENGTH) {
            final int rest = TERM_LENGTH - termOffset();
            putHeader(rest, HeaderFlyweight.HDR_TYPE_PAD);
            sendFrame(DataHeaderFlyweight.HEADER_LENGTH, nowNs);
            position += rest;
        }
        if (!answered || position + aligned > limit) {
            return false;
        }
        BearerSegment.writePrefix(out, 0, sessionId, termId(), termOffset());
        final int written = BearerSegment.PREFIX_LENGTH + BearerSegment.writePiece(out, BearerSegment.PREFIX_LENGTH,
            SegmentHeader.encode(SegmentHeader.WHOLE, 0, 0, message++), packet, 0, length);
        link.sendSegment(out, written, nowNs);
        position += aligned;
        lastSentNs = nowNs;
        return true;
    }

    /** Takes a status message of the node. */
    void onStatus(DirectBuffer message, int offset, int length) {
        status.wrap(message, offset, length);
        if (status.sessionId() != sessionId || status.streamId() != streamId) {
            return;
        }
        if ((status.flags() & StatusMessageFlyweight.SEND_SETUP_FLAG) != 0) {
            setupWanted = true;
            return;
        }
        answered = true;
        setupWanted = false;
        limit = Math.max(limit, (long) (status.consumptionTermId() - INITIAL_TERM) * TERM_LENGTH + status.consumptionTermOffset()
            + status.receiverWindowLength());
    }

    @Override
    public String toString() {
        return (answered ? "session " : "unanswered session ") + sessionId + " at " + position + ", limit " + limit;
    }

    private void putHeader(int frameLength, int type) {
        header.wrap(frame, 1, DataHeaderFlyweight.HEADER_LENGTH);
        header.termOffset(termOffset()).sessionId(sessionId).streamId(streamId).termId(termId()).reservedValue(0);
        header.frameLength(frameLength).headerType(type).flags(DataHeaderFlyweight.BEGIN_AND_END_FLAGS).version(HeaderFlyweight.CURRENT_VERSION);
    }

    private void sendFrame(int length, long nowNs) throws IOException {
        frame.putByte(0, ControlType.TRANSPORT.code());
        link.sendControl(frame, 0, 1 + length, nowNs);
        lastSentNs = nowNs;
    }

    private int termId() {
        return INITIAL_TERM + (int) (position / TERM_LENGTH);
    }

    private int termOffset() {
        return (int) (position % TERM_LENGTH);
    }
}
