package org.pairspan.node.bearer;

import static io.aeron.protocol.HeaderFlyweight.HDR_TYPE_DATA;
import static io.aeron.protocol.HeaderFlyweight.HDR_TYPE_ERR;
import static io.aeron.protocol.HeaderFlyweight.HDR_TYPE_NAK;
import static io.aeron.protocol.HeaderFlyweight.HDR_TYPE_PAD;
import static io.aeron.protocol.HeaderFlyweight.HDR_TYPE_RTTM;
import static io.aeron.protocol.HeaderFlyweight.HDR_TYPE_SETUP;
import static io.aeron.protocol.HeaderFlyweight.HDR_TYPE_SM;

import io.aeron.driver.Configuration;
import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.logbuffer.LogBufferDescriptor;
import io.aeron.protocol.DataHeaderFlyweight;
import io.aeron.protocol.ErrorFlyweight;
import io.aeron.protocol.HeaderFlyweight;
import io.aeron.protocol.NakFlyweight;
import io.aeron.protocol.RttMeasurementFlyweight;
import io.aeron.protocol.SetupFlyweight;
import io.aeron.protocol.StatusMessageFlyweight;
import java.nio.ByteOrder;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;

/**
 * What the bearer needs to know of an Aeron frame before Aeron sees it: which stream it speaks of. The stream id is the member number of
 * the stream's sender, so a frame can be held against the association that opened it, and a member can't speak for another.
 */
final class AeronFrame {
    /** No stream id: the frame is of a type that does not belong here, too short for its type, or longer than Aeron has room for. */
    static final int NO_STREAM = 0;

    private static final int TYPE_OFFSET = HeaderFlyweight.TYPE_FIELD_OFFSET;
    /** Where status, NAK, round-trip and error frames have the stream id. */
    private static final int FEEDBACK_STREAM_OFFSET = 12;
    /** Where data and setup frames have it. */
    private static final int DATA_STREAM_OFFSET = DataHeaderFlyweight.STREAM_ID_FIELD_OFFSET;

    private static final int SETUP_TERM_LENGTH_OFFSET = 28;
    /** Longest term a peer may have us map, three of them for each of its sessions: 64 MiB. */
    static final int LONGEST_TERM = 64 << 20;

    private AeronFrame() {
    }

    /**
     * The stream of a datagram that a publication sends to its subscribers.
     *
     * @return the stream id, or {@link #NO_STREAM}.
     */
    static int streamFromSender(DirectBuffer buffer, int offset, int length) {
        return switch (type(buffer, offset, length)) {
            case HDR_TYPE_DATA, HDR_TYPE_PAD ->
                    isWholeFrames(buffer, offset, length) ? streamId(buffer, offset + DATA_STREAM_OFFSET) : NO_STREAM;
            case HDR_TYPE_SETUP -> isModestSetup(buffer, offset, length) ? streamId(buffer, offset + DATA_STREAM_OFFSET) : NO_STREAM;
            case HDR_TYPE_RTTM -> length < RttMeasurementFlyweight.HEADER_LENGTH ? NO_STREAM
                    : streamId(buffer, offset + FEEDBACK_STREAM_OFFSET);
            default -> NO_STREAM;
        };
    }

    /**
     * The stream of a frame that a subscriber sends back to the publication.
     *
     * @return the stream id, or {@link #NO_STREAM}.
     */
    static int streamFromReceiver(DirectBuffer buffer, int offset, int length) {
        int least = switch (type(buffer, offset, length)) {
            case HDR_TYPE_SM -> StatusMessageFlyweight.HEADER_LENGTH;
            case HDR_TYPE_NAK -> NakFlyweight.HEADER_LENGTH;
            case HDR_TYPE_RTTM -> RttMeasurementFlyweight.HEADER_LENGTH;
            case HDR_TYPE_ERR -> ErrorFlyweight.HEADER_LENGTH;
            default -> Integer.MAX_VALUE;
        };
        return length < least ? NO_STREAM : streamId(buffer, offset + FEEDBACK_STREAM_OFFSET);
    }

    /** Whether the datagram is one heartbeat, or frames without a gap, with a padding frame (header only) at most as the last. */
    private static boolean isWholeFrames(DirectBuffer buffer, int offset, int length) {
        int at = 0;
        while (length - at >= DataHeaderFlyweight.HEADER_LENGTH) {
            int frameLength = buffer.getInt(offset + at, ByteOrder.LITTLE_ENDIAN);
            if (frameLength == 0) {
                return length == DataHeaderFlyweight.HEADER_LENGTH;
            }
            if (frameLength < DataHeaderFlyweight.HEADER_LENGTH) {
                return false;
            }
            int left = length - at;
            if (type(buffer, offset + at, left) == HDR_TYPE_PAD) {
                return left == DataHeaderFlyweight.HEADER_LENGTH;
            }
            if (frameLength > left) {
                return false;
            }
            at += BitUtil.align(frameLength, FrameDescriptor.FRAME_ALIGNMENT);
        }
        return at == length;
    }

    /** Whether a setup frame asks for no more memory than a peer may have here. */
    private static boolean isModestSetup(DirectBuffer buffer, int offset, int length) {
        if (length < SetupFlyweight.HEADER_LENGTH) {
            return false;
        }
        int termLength = buffer.getInt(offset + SETUP_TERM_LENGTH_OFFSET, ByteOrder.LITTLE_ENDIAN);
        return termLength >= LogBufferDescriptor.TERM_MIN_LENGTH && termLength <= LONGEST_TERM;
    }

    private static int type(DirectBuffer buffer, int offset, int length) {
        boolean fits = length >= HeaderFlyweight.MIN_HEADER_LENGTH && length <= Configuration.MAX_UDP_PAYLOAD_LENGTH;
        return !fits ? -1
                : buffer.getShort(offset + TYPE_OFFSET, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }

    private static int streamId(DirectBuffer buffer, int index) {
        return buffer.getInt(index, ByteOrder.LITTLE_ENDIAN);
    }
}
