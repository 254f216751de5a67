package org.pairspan.node.bearer;

import static io.aeron.protocol.HeaderFlyweight.HDR_TYPE_DATA;
import static io.aeron.protocol.HeaderFlyweight.HDR_TYPE_PAD;
import static io.aeron.protocol.HeaderFlyweight.HDR_TYPE_SETUP;
import static io.aeron.protocol.HeaderFlyweight.HDR_TYPE_SM;

import io.aeron.driver.Configuration;
import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.logbuffer.LogBufferDescriptor;
import io.aeron.protocol.DataHeaderFlyweight;
import io.aeron.protocol.HeaderFlyweight;
import io.aeron.protocol.SetupFlyweight;
import io.aeron.protocol.StatusMessageFlyweight;
import java.nio.ByteOrder;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Aeron's frames, as far as the bearer reads and writes them itself. The stream id is the member number of the stream's sender, so a
 * frame can be held against the association that opened it, and a member can't speak for another.
 *
 * <p>Our streams are never repeated by Aeron and never measured by it, so of its frames that hold no payload four have a meaning here:
 * heartbeat, padding and setup on the way of the stream, the status message against it.
 */
final class AeronFrame {
    /** Bytes in front of a frame's payload. */
    static final int HEADER_LENGTH = DataHeaderFlyweight.HEADER_LENGTH;
    /** No stream id: the frame is of a type that does not belong here, or its fields contradict each other. */
    static final int NO_STREAM = 0;
    /** Longest term a peer may have us map, three of them for each of its sessions: 16 MiB. */
    static final int LONGEST_TERM = 16 << 20;
    /** Longest frame without payload, in bytes; generous. */
    static final int LONGEST_HEADER = 64;

    private static final int TYPE_OFFSET = HeaderFlyweight.TYPE_FIELD_OFFSET;
    private static final int TERM_OFFSET_OFFSET = DataHeaderFlyweight.TERM_OFFSET_FIELD_OFFSET;
    private static final int SESSION_OFFSET = DataHeaderFlyweight.SESSION_ID_FIELD_OFFSET;
    private static final int STREAM_OFFSET = DataHeaderFlyweight.STREAM_ID_FIELD_OFFSET;
    private static final int TERM_ID_OFFSET = DataHeaderFlyweight.TERM_ID_FIELD_OFFSET;
    private static final int RESERVED_OFFSET = DataHeaderFlyweight.RESERVED_VALUE_OFFSET;
    /** Where a status message has the stream id. */
    private static final int STATUS_STREAM_OFFSET = 12;
    /** Where a setup frame has the active term's id, its initial term's just before. */
    private static final int SETUP_ACTIVE_TERM_OFFSET = 24;
    private static final int SETUP_INITIAL_TERM_OFFSET = 20;
    private static final int SETUP_TERM_LENGTH_OFFSET = 28;
    private static final int SETUP_MTU_OFFSET = 32;
    /** Second word of a data frame's header: version 0, both ends of a message, type data. */
    private static final int DATA_WORD = HDR_TYPE_DATA << Short.SIZE | (FrameDescriptor.UNFRAGMENTED & 0xFF) << Byte.SIZE;

    private AeronFrame() {
    }

    /** Bytes that a frame with a payload of this length takes in a term. */
    static int alignedLength(int payloadLength) {
        return BitUtil.align(HEADER_LENGTH + payloadLength, FrameDescriptor.FRAME_ALIGNMENT);
    }

    /** Writes the header of a data frame that holds one piece. */
    static void writeDataHeader(MutableDirectBuffer buffer, int offset, int payloadLength, int termOffset, int sessionId, int streamId,
            int termId, long reservedValue) {
        putInt(buffer, offset, HEADER_LENGTH + payloadLength);
        putInt(buffer, offset + Integer.BYTES, DATA_WORD);
        putInt(buffer, offset + TERM_OFFSET_OFFSET, termOffset);
        putInt(buffer, offset + SESSION_OFFSET, sessionId);
        putInt(buffer, offset + STREAM_OFFSET, streamId);
        putInt(buffer, offset + TERM_ID_OFFSET, termId);
        buffer.putLong(offset + RESERVED_OFFSET, reservedValue, ByteOrder.LITTLE_ENDIAN);
    }

    static int frameLength(DirectBuffer buffer, int offset) {
        return getInt(buffer, offset);
    }

    static int type(DirectBuffer buffer, int offset) {
        return buffer.getShort(offset + TYPE_OFFSET, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }

    static int termOffset(DirectBuffer buffer, int offset) {
        return getInt(buffer, offset + TERM_OFFSET_OFFSET);
    }

    static int sessionId(DirectBuffer buffer, int offset) {
        return getInt(buffer, offset + SESSION_OFFSET);
    }

    static int termId(DirectBuffer buffer, int offset) {
        return getInt(buffer, offset + TERM_ID_OFFSET);
    }

    static long reservedValue(DirectBuffer buffer, int offset) {
        return buffer.getLong(offset + RESERVED_OFFSET, ByteOrder.LITTLE_ENDIAN);
    }

    /** The term length that a setup frame announces. */
    static int setupTermLength(DirectBuffer buffer, int offset) {
        return getInt(buffer, offset + SETUP_TERM_LENGTH_OFFSET);
    }

    /** Whether the data frame at this place is one that a publication has filled; a heartbeat is not. */
    static boolean hasPayload(DirectBuffer buffer, int offset) {
        return type(buffer, offset) == HDR_TYPE_DATA && frameLength(buffer, offset) > HEADER_LENGTH;
    }

    /**
     * The stream of a frame without payload that a publication sends to its subscribers: heartbeat, padding or setup.
     *
     * @return the stream id, or {@link #NO_STREAM}.
     */
    static int streamFromSender(DirectBuffer buffer, int offset, int length) {
        if (!isHeader(buffer, offset, length) || !isPlace(termOffset(buffer, offset))) {
            return NO_STREAM;
        }
        boolean wellFormed = switch (type(buffer, offset)) {
            case HDR_TYPE_DATA -> length == HEADER_LENGTH && frameLength(buffer, offset) == 0;
            case HDR_TYPE_PAD -> length == HEADER_LENGTH && isPadding(buffer, offset);
            case HDR_TYPE_SETUP -> length >= SetupFlyweight.HEADER_LENGTH && isModestSetup(buffer, offset);
            default -> false;
        };
        return wellFormed ? getInt(buffer, offset + STREAM_OFFSET) : NO_STREAM;
    }

    /**
     * The stream of a frame that a subscriber sends back to the publication: a status message.
     *
     * @return the stream id, or {@link #NO_STREAM}.
     */
    static int streamFromReceiver(DirectBuffer buffer, int offset, int length) {
        boolean wellFormed = isHeader(buffer, offset, length) && length >= StatusMessageFlyweight.HEADER_LENGTH
                && type(buffer, offset) == HDR_TYPE_SM;
        return wellFormed ? getInt(buffer, offset + STATUS_STREAM_OFFSET) : NO_STREAM;
    }

    private static boolean isHeader(DirectBuffer buffer, int offset, int length) {
        return length >= HEADER_LENGTH && length <= LONGEST_HEADER
                && buffer.getByte(offset + HeaderFlyweight.VERSION_FIELD_OFFSET) == HeaderFlyweight.CURRENT_VERSION;
    }

    /** Whether a frame can begin here in some term. */
    static boolean isPlace(int termOffset) {
        return termOffset >= 0 && termOffset <= LONGEST_TERM && termOffset % FrameDescriptor.FRAME_ALIGNMENT == 0;
    }

    /**
     * Whether a heartbeat or padding frame lies within a term; only a heartbeat, which is never written into one, may be of a session
     * whose terms are not known.
     *
     * @param termLength of the session, or {@link SessionTerms#UNKNOWN}.
     */
    static boolean fitsTerm(DirectBuffer buffer, int offset, int termLength) {
        int termOffset = termOffset(buffer, offset);
        if (type(buffer, offset) == HDR_TYPE_DATA) {
            return termLength == SessionTerms.UNKNOWN || termOffset <= termLength;
        }
        int length = BitUtil.align(frameLength(buffer, offset), FrameDescriptor.FRAME_ALIGNMENT);
        return termLength != SessionTerms.UNKNOWN && termOffset == termLength - length;
    }

    private static boolean isPadding(DirectBuffer buffer, int offset) {
        int frameLength = frameLength(buffer, offset);
        return frameLength >= HEADER_LENGTH && frameLength <= LONGEST_TERM;
    }

    /** Whether a setup frame asks for no more memory than a peer may have here, and for a place inside it. */
    private static boolean isModestSetup(DirectBuffer buffer, int offset) {
        int termLength = setupTermLength(buffer, offset);
        int mtu = getInt(buffer, offset + SETUP_MTU_OFFSET);
        int terms = getInt(buffer, offset + SETUP_ACTIVE_TERM_OFFSET) - getInt(buffer, offset + SETUP_INITIAL_TERM_OFFSET);
        return BitUtil.isPowerOfTwo(termLength) && termLength >= LogBufferDescriptor.TERM_MIN_LENGTH && termLength <= LONGEST_TERM
                && termOffset(buffer, offset) <= termLength && terms >= 0
                && mtu > HEADER_LENGTH && mtu <= Configuration.MAX_UDP_PAYLOAD_LENGTH && mtu % FrameDescriptor.FRAME_ALIGNMENT == 0;
    }

    private static int getInt(DirectBuffer buffer, int index) {
        return buffer.getInt(index, ByteOrder.LITTLE_ENDIAN);
    }

    private static void putInt(MutableDirectBuffer buffer, int index, int value) {
        buffer.putInt(index, value, ByteOrder.LITTLE_ENDIAN);
    }
}
