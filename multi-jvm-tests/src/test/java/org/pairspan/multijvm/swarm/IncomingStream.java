package org.pairspan.multijvm.swarm;

import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.logbuffer.LogBufferDescriptor;
import io.aeron.protocol.DataHeaderFlyweight;
import io.aeron.protocol.HeaderFlyweight;
import io.aeron.protocol.SetupFlyweight;
import io.aeron.protocol.StatusMessageFlyweight;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.protocol.control.ControlType;
import org.pairspan.protocol.transport.BearerSegment;
import org.pairspan.protocol.transport.SegmentHeader;

import java.io.IOException;

/** The stream from the node to a member: everything is taken at once, and the node told so, that it goes on sending. */
final class IncomingStream {

    private static final int WINDOW = 128 * 1024;
    private static final long STATUS_INTERVAL_NS = 200_000_000;

    private final SecureLink link;
    private final Packets packets;
    private final long receiverId;
    private final SetupFlyweight setup = new SetupFlyweight();
    private final DataHeaderFlyweight header = new DataHeaderFlyweight();
    private final StatusMessageFlyweight status = new StatusMessageFlyweight();
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[StatusMessageFlyweight.HEADER_LENGTH + 1]);
    private boolean known;
    private int sessionId;
    private int streamId;
    private int initialTermId;
    private int termBits;
    private long position;
    private long toldPosition;
    private long toldNs;

    /** Takes the packets that come. */
    @FunctionalInterface
    interface Packets {
        void onPacket(DirectBuffer buffer, int offset, int length);
    }

    IncomingStream(SecureLink link, long receiverId, Packets packets) {
        this.link = link;
        this.receiverId = receiverId;
        this.packets = packets;
    }

    void onSetup(DirectBuffer message, int offset, int length, long nowNs) throws IOException {
        setup.wrap(message, offset, length);
        if (!known || setup.sessionId() != sessionId) {
            known = true;
            sessionId = setup.sessionId();
            streamId = setup.streamId();
            initialTermId = setup.initialTermId();
            termBits = LogBufferDescriptor.positionBitsToShift(setup.termLength());
            position = position(setup.activeTermId(), setup.termOffset());
        }
        tell(nowNs);
    }

    /** Heartbeats and padding. */
    void onHeader(DirectBuffer message, int offset, int length, long nowNs) throws IOException {
        header.wrap(message, offset, length);
        if (known && header.sessionId() == sessionId) {
            final int frameLength = header.headerType() == HeaderFlyweight.HDR_TYPE_PAD ? align(header.frameLength()) : 0;
            position = Math.max(position, position(header.termId(), header.termOffset()) + frameLength);
            doWork(nowNs);
        }
    }

    void onSegment(DirectBuffer segment, int length, long nowNs) throws IOException {
        if (!known || BearerSegment.sessionId(segment, 0) != sessionId) {
            return;
        }
        long end = position(BearerSegment.termId(segment, 0), BearerSegment.termOffset(segment, 0));
        int at = BearerSegment.PREFIX_LENGTH;
        int piece = BearerSegment.pieceLength(segment, at, length - at);
        while (piece > 0) {
            if ((SegmentHeader.flags(BearerSegment.header(segment, at)) & SegmentHeader.WHOLE) == SegmentHeader.WHOLE) {
                packets.onPacket(segment, at + BearerSegment.PIECE_PREFIX_LENGTH, piece);
            }
            end += align(DataHeaderFlyweight.HEADER_LENGTH + piece);
            at += BearerSegment.PIECE_PREFIX_LENGTH + piece;
            piece = BearerSegment.pieceLength(segment, at, length - at);
        }
        position = Math.max(position, end);
        doWork(nowNs);
    }

    /** Tells the node how far the stream has come, when it is time to. */
    void doWork(long nowNs) throws IOException {
        if (known && (position - toldPosition >= WINDOW / 4 || nowNs - toldNs >= STATUS_INTERVAL_NS)) {
            tell(nowNs);
        }
    }

    @Override
    public String toString() {
        return known ? "session " + sessionId + " at " + position + ", told " + toldPosition : "no session";
    }

    private void tell(long nowNs) throws IOException {
        status.wrap(frame, 1, StatusMessageFlyweight.HEADER_LENGTH);
        status.sessionId(sessionId).streamId(streamId).consumptionTermId(initialTermId + (int) (position >>> termBits))
            .consumptionTermOffset((int) (position & (1L << termBits) - 1)).receiverWindowLength(WINDOW).receiverId(receiverId);
        status.frameLength(StatusMessageFlyweight.HEADER_LENGTH).headerType(HeaderFlyweight.HDR_TYPE_SM).flags((short) 0)
            .version(HeaderFlyweight.CURRENT_VERSION);
        frame.putByte(0, ControlType.TRANSPORT.code());
        link.sendControl(frame, 0, 1 + StatusMessageFlyweight.HEADER_LENGTH, nowNs);
        toldPosition = position;
        toldNs = nowNs;
    }

    private long position(int termId, int termOffset) {
        return ((long) (termId - initialTermId) << termBits) + termOffset;
    }

    private static int align(int length) {
        return BitUtil.align(length, FrameDescriptor.FRAME_ALIGNMENT);
    }
}
