package org.pairspan.node.bearer;

import static io.aeron.protocol.HeaderFlyweight.HDR_TYPE_PAD;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.protocol.transport.SegmentHeader;

/** Frames in a row, as Aeron's sender gives them: one stream, one term. */
final class Frames {
    static final int SESSION = 0x5E55_1011;
    static final int TERM = 77;
    private static final int TYPE_OFFSET = 6;

    final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 17));
    private final int stream;
    private final int session;
    private final int firstOffset;
    private int length;
    private int number;

    Frames(int stream, int firstOffset) {
        this(stream, SESSION, firstOffset);
    }

    Frames(int stream, int session, int firstOffset) {
        this.stream = stream;
        this.session = session;
        this.firstOffset = firstOffset;
    }

    /** Adds data frames with pieces of these lengths, each filled with the frame's number. */
    Frames data(int... pieceLengths) {
        for (int pieceLength : pieceLengths) {
            AeronFrame.writeDataHeader(buffer, length, pieceLength, firstOffset + length, session, stream, TERM, header(number));
            buffer.setMemory(length + AeronFrame.HEADER_LENGTH, pieceLength, (byte) number);
            number++;
            length += AeronFrame.alignedLength(pieceLength);
        }
        return this;
    }

    /** Adds a heartbeat. */
    Frames heartbeat() {
        AeronFrame.writeDataHeader(buffer, length, -AeronFrame.HEADER_LENGTH, firstOffset + length, session, stream, TERM, 0);
        length += AeronFrame.HEADER_LENGTH;
        return this;
    }

    /** Adds the header of a padding frame that is so long. */
    Frames padding(int frameLength) {
        AeronFrame.writeDataHeader(buffer, length, frameLength - AeronFrame.HEADER_LENGTH, firstOffset + length, session, stream, TERM, 0);
        buffer.putShort(length + TYPE_OFFSET, (short) HDR_TYPE_PAD, ByteOrder.LITTLE_ENDIAN);
        length += AeronFrame.HEADER_LENGTH;
        return this;
    }

    /** The transport header of the frame with this number. */
    static long header(int number) {
        return SegmentHeader.encode(SegmentHeader.WHOLE, 0, 0, number);
    }

    int length() {
        return length;
    }
}
