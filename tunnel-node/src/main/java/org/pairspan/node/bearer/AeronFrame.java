package org.pairspan.node.bearer;

import static io.aeron.protocol.HeaderFlyweight.HDR_TYPE_DATA;
import static io.aeron.protocol.HeaderFlyweight.HDR_TYPE_ERR;
import static io.aeron.protocol.HeaderFlyweight.HDR_TYPE_NAK;
import static io.aeron.protocol.HeaderFlyweight.HDR_TYPE_PAD;
import static io.aeron.protocol.HeaderFlyweight.HDR_TYPE_RTTM;
import static io.aeron.protocol.HeaderFlyweight.HDR_TYPE_SETUP;
import static io.aeron.protocol.HeaderFlyweight.HDR_TYPE_SM;

import io.aeron.protocol.DataHeaderFlyweight;
import io.aeron.protocol.ErrorFlyweight;
import io.aeron.protocol.HeaderFlyweight;
import io.aeron.protocol.NakFlyweight;
import io.aeron.protocol.RttMeasurementFlyweight;
import io.aeron.protocol.SetupFlyweight;
import io.aeron.protocol.StatusMessageFlyweight;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * What the bearer needs to know of an Aeron frame before Aeron sees it: which stream it speaks of. The stream id is the member number of
 * the stream's sender, so a frame can be held against the association that opened it, and a member can't speak for another.
 */
final class AeronFrame {
    /** No stream id: the frame is of a type that does not belong here, or too short for its type. */
    static final int NO_STREAM = 0;

    private static final int TYPE_OFFSET = HeaderFlyweight.TYPE_FIELD_OFFSET;
    /** Where status, NAK, round-trip and error frames have the stream id. */
    private static final int FEEDBACK_STREAM_OFFSET = 12;
    /** Where data and setup frames have it. */
    private static final int DATA_STREAM_OFFSET = DataHeaderFlyweight.STREAM_ID_FIELD_OFFSET;

    private AeronFrame() {
    }

    /**
     * The stream of a frame that a publication sends to its subscribers.
     *
     * @return the stream id, or {@link #NO_STREAM}.
     */
    static int streamFromSender(DirectBuffer buffer, int offset, int length) {
        return switch (type(buffer, offset, length)) {
            case HDR_TYPE_DATA, HDR_TYPE_PAD -> streamId(buffer, offset, length, DATA_STREAM_OFFSET, DataHeaderFlyweight.HEADER_LENGTH);
            case HDR_TYPE_SETUP -> streamId(buffer, offset, length, DATA_STREAM_OFFSET, SetupFlyweight.HEADER_LENGTH);
            case HDR_TYPE_RTTM ->
                    streamId(buffer, offset, length, FEEDBACK_STREAM_OFFSET, RttMeasurementFlyweight.HEADER_LENGTH);
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
        return streamId(buffer, offset, length, FEEDBACK_STREAM_OFFSET, least);
    }

    private static int type(DirectBuffer buffer, int offset, int length) {
        return length < HeaderFlyweight.MIN_HEADER_LENGTH ? -1
                : buffer.getShort(offset + TYPE_OFFSET, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }

    private static int streamId(DirectBuffer buffer, int offset, int length, int fieldOffset, int leastLength) {
        return length < leastLength ? NO_STREAM : buffer.getInt(offset + fieldOffset, ByteOrder.LITTLE_ENDIAN);
    }
}
